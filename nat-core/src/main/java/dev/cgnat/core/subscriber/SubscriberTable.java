package dev.cgnat.core.subscriber;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers that have a live flow, a held slot or spent tokens, by name and by number, and some that had one lately.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); about 200 bytes per subscriber. Those that have nothing left are at most
 * {@value #IDLE_TO_ONE_ACTIVE} times as many as those that have something and {@value #IDLE_KEPT}, besides those that had something
 * within the last second if the rate of new flows is limited.
 *
 * <p><b>RFC</b>: 6888 REQ-4.
 */
/*
 * The rate limit is the generic cell rate algorithm [1]: instead of a number of tokens and the time of their last count, one
 * time is kept, at which all tokens are back. A flow moves it on by one interval; it must not be further away than the
 * bucket is deep.
 *
 * Many subscribers have one flow at a time; those that are idle are kept for a while, as they would be forgotten and known anew
 * with every flow.
 *
 * [1] ITU-T I.371, annex A.
 */
public final class SubscriberTable {
    private static final long SECOND = 1_000_000_000L;
    /** Idle subscribers that are kept however few are active. */
    private static final int IDLE_KEPT = 1_024;

    private static final int IDLE_TO_ONE_ACTIVE = 4;

    private int newPerSecond;
    private long intervalNanos;
    private final Map<Subscriber, SubscriberUse> uses = new HashMap<>();
    private final List<@Nullable SubscriberUse> byNumber = new ArrayList<>();
    private final ArrayDeque<Integer> freeNumbers = new ArrayDeque<>();
    private final IdleRing<SubscriberUse> idle = new IdleRing<>();

    private int active;
    /** Who was looked for last, as a flow asks for its subscriber more than once; absent if that one was forgotten. */
    private @Nullable SubscriberUse last;

    /** @param newPerSecond flows per second that each may open, {@link LimitConfig#NONE} for no limit */
    public SubscriberTable(int newPerSecond) {
        limit(newPerSecond);
    }

    /** From now on each may open that many flows per second, {@link LimitConfig#NONE} for no limit. */
    public void limit(int flowsPerSecond) {
        newPerSecond = flowsPerSecond;
        intervalNanos = Math.max(SECOND / flowsPerSecond, 1);
    }

    /** One more than the highest {@link SubscriberUse#number} there was. */
    public int numbers() {
        return byNumber.size();
    }

    /** The use of that {@link SubscriberUse#number}, empty if nobody has it now; it may be idle. */
    public Optional<SubscriberUse> find(int number) {
        SubscriberUse use = byNumber.get(number);
        return use == null ? Optional.empty() : use.asFound();
    }

    /** Subscribers with a live flow or a held slot. */
    public int size() {
        return active;
    }

    /** The use of {@code subscriber}, idle or empty if it has nothing. */
    public Optional<SubscriberUse> find(Subscriber subscriber) {
        SubscriberUse use = known(subscriber);
        return use == null ? Optional.empty() : use.asFound();
    }

    /** The use of that {@link SubscriberUse#number}. */
    public SubscriberUse get(int number) {
        return Objects.requireNonNull(byNumber.get(number));
    }

    /** The use of {@code subscriber}, begun if there was none; {@link #tidy} must follow if it gets nothing. */
    public SubscriberUse use(Subscriber subscriber) {
        SubscriberUse use = known(subscriber);
        if (use == null) {
            Integer free = freeNumbers.poll();
            use = new SubscriberUse(this, subscriber, free == null ? byNumber.size() : free);
            if (free == null) {
                byNumber.add(use);
            } else {
                byNumber.set(free, use);
            }
            uses.put(subscriber, use);
        }
        return use;
    }

    /** Counts a new flow of {@code use}, and takes its token. */
    public void opened(SubscriberUse use, Protocol protocol, long nowNanos) {
        use.opened(protocol);
        if (newPerSecond != LimitConfig.NONE) {
            use.tokensBackNanos(Math.max(use.tokensBackNanos(), nowNanos) + intervalNanos);
        }
    }

    /** When {@code use} may open its next flow; not after {@code nowNanos} if it may now. */
    public long nextFlowNanos(SubscriberUse use) {
        return newPerSecond == LimitConfig.NONE ? 0 : use.tokensBackNanos() - (newPerSecond - 1) * intervalNanos;
    }

    /** Tokens that {@code use} has spent and that are not back, the last one in part; as many as there are = none left. */
    public long spentTokens(SubscriberUse use, long nowNanos) {
        long notBack = use.tokensBackNanos() - nowNanos;
        return notBack <= 0 ? 0 : (notBack + intervalNanos - 1) / intervalNanos;
    }

    /** A subscriber may have nothing left; it is forgotten some time after its tokens are back. */
    public void tidy(SubscriberUse use, long nowNanos) {
        if (use.isIdle() && !idle.contains(use)) {
            idle.add(use);
            expire(nowNanos);
        }
    }

    /** Forgets idle ones whose tokens are back, if there are too many. */
    public void expire(long nowNanos) {
        SubscriberUse longest = idle.longest();
        while (longest != null
                && idle.size() > IDLE_TO_ONE_ACTIVE * active + IDLE_KEPT
                && longest.tokensBackNanos() <= nowNanos) {
            idle.remove(longest);
            forget(longest);
            longest = idle.longest();
        }
    }

    void becameActive(SubscriberUse use) {
        active++;
        idle.remove(use);
    }

    void becameIdle() {
        active--;
    }

    @SuppressWarnings("ReferenceEquality") // another instance of the same name is looked up as before
    private @Nullable SubscriberUse known(Subscriber subscriber) {
        SubscriberUse use = last;
        if (use == null || use.subscriber() != subscriber) {
            use = uses.get(subscriber);
            last = use;
        }
        return use;
    }

    private void forget(SubscriberUse use) {
        last = null;
        uses.remove(use.subscriber());
        byNumber.set(use.number(), null);
        freeNumbers.add(use.number());
    }
}
