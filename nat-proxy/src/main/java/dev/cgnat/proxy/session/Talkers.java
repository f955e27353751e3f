package dev.cgnat.proxy.session;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who opened the most flows and moved the most bytes in the last minutes, in bounded space.
 *
 * <p>Flows are counted when they end, and those that go on by {@link #sweep}, which is to be called every few seconds.
 *
 * <p><b>Ownership</b>: any thread. <b>Costs</b>: of the end of a flow some 200 ns under a lock of its own; a sweep is a look at all
 * sessions; at most 6 MB.
 */
public final class Talkers implements Sessions.Watcher {
    /** Steps of a window. */
    public static final Duration STEP = Duration.ofSeconds(10);

    public static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int SLOTS = (int) (LONGEST.toSeconds() / STEP.toSeconds());
    private static final int CAPACITY = 512;

    private final LongSupplier nanoTime;
    private final @Nullable Slot[] slots = new @Nullable Slot[SLOTS];

    /** @param nanoTime never goes backwards */
    public Talkers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** What is summed up. */
    public enum By {
        NEW,
        BYTES
    }

    /** One subscriber; the true value is {@code value - error} to {@code value}. */
    public record Talker(Subscriber subscriber, long value, long error) {}

    private static final class Slot {
        private final long step;
        private final HeavyHitters<Subscriber> flows = new HeavyHitters<>(CAPACITY);
        private final HeavyHitters<Subscriber> bytes = new HeavyHitters<>(CAPACITY);

        private Slot(long step) {
            this.step = step;
        }

        HeavyHitters<Subscriber> by(By kind) {
            return kind == By.NEW ? flows : bytes;
        }
    }

    @Override
    public void opened(Session session) {
        // Counted with its end, or by the next sweep.
    }

    @Override
    public void closed(Session session, CloseCause cause) {
        count(session);
    }

    /** Counts what has come of sessions that go on. */
    public void sweep(Sessions sessions) {
        sessions.ascend(0, session -> {
            count(session);
            return true;
        });
    }

    private void count(Session session) {
        boolean isNew = session.countOnce();
        long bytes = session.countBytes();
        if (!isNew && bytes == 0) {
            return;
        }
        Subscriber subscriber = session.binding().subscriber();
        synchronized (slots) {
            Slot slot = current();
            if (isNew) {
                slot.flows.add(subscriber, 1);
            }
            if (bytes > 0) {
                slot.bytes.add(subscriber, bytes);
            }
        }
    }

    /**
     * The {@code count} greatest of the last {@code window}, the greatest first.
     *
     * @param window {@link #STEP} to {@link #LONGEST}; what is left over a step is rounded up
     */
    public List<Talker> top(By kind, Duration window, int count) {
        Map<Subscriber, long[]> sums = new HashMap<>();
        synchronized (slots) {
            List<Slot> recent = recent(window);
            for (Slot slot : recent) {
                for (HeavyHitters.Hit<Subscriber> hit : slot.by(kind).hits()) {
                    long[] sum = sums.computeIfAbsent(hit.key(), missing -> new long[3]);
                    sum[0] += hit.sum();
                    sum[1] += hit.error();
                    sum[2] += slot.by(kind).missing();
                }
            }
            long missing =
                    recent.stream().mapToLong(slot -> slot.by(kind).missing()).sum();
            sums.values()
                    .forEach(
                            sum -> { // where it is not among those that were kept, it may have had that much
                                sum[0] += missing - sum[2];
                                sum[1] += missing - sum[2];
                            });
        }
        List<Talker> talkers = new ArrayList<>();
        sums.forEach((subscriber, sum) -> talkers.add(new Talker(subscriber, sum[0], sum[1])));
        return talkers.stream()
                .sorted(Comparator.comparingLong(Talker::value)
                        .reversed()
                        .thenComparing(talker -> talker.subscriber().name()))
                .limit(count)
                .toList();
    }

    private Slot current() {
        long step = nanoTime.getAsLong() / STEP.toNanos();
        int at = Math.floorMod(step, SLOTS);
        Slot slot = slots[at];
        if (slot == null || slot.step != step) {
            slot = new Slot(step);
            slots[at] = slot;
        }
        return slot;
    }

    private List<Slot> recent(Duration window) {
        long now = nanoTime.getAsLong() / STEP.toNanos();
        long steps = (window.toNanos() + STEP.toNanos() - 1) / STEP.toNanos();
        List<Slot> recent = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot != null && now - slot.step < steps) {
                recent.add(slot);
            }
        }
        return recent;
    }
}
