package dev.cgnat.proxy.session;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which subscribers and which destinations had the most flows and the most bytes in the last minutes, in bounded space.
 *
 * <p>Flows are counted when they end, and those that go on by {@link #sweep}, which is to be called every few seconds.
 *
 * <p><b>Ownership</b>: any thread. <b>Costs</b>: of the end of a flow up to 700 ns under a lock of its own; a sweep is a look at all
 * sessions; at most 12 MB.
 */
public final class Talkers implements Sessions.Watcher {
    /** Steps of a window. */
    public static final Duration STEP = Duration.ofSeconds(10);

    public static final Duration LONGEST = Duration.ofMinutes(5);

    /** One more than the longest window has steps, as the step of now has only begun. */
    private static final int SLOTS = (int) (LONGEST.toSeconds() / STEP.toSeconds()) + 1;

    private static final int CAPACITY = 512;
    /** Destinations that are told apart in one look at what lives; 400 KB until it ends. */
    private static final int CAPACITY_NOW = 4096;

    private static final Comparator<Subscriber> BY_NAME = Comparator.comparing(Subscriber::name);
    private static final Comparator<Endpoint> BY_ADDRESS =
            Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port);

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

    /** A subscriber or a destination; the true value is {@code value - error} to {@code value}. */
    public record Talker<K>(K who, long value, long error) {}

    /** Sums of one step by key. */
    private static final class Tally<K> {
        private final HeavyHitters<K> flows = new HeavyHitters<>(CAPACITY);
        private final HeavyHitters<K> bytes = new HeavyHitters<>(CAPACITY);

        HeavyHitters<K> by(By kind) {
            return kind == By.NEW ? flows : bytes;
        }

        void add(K key, boolean isNew, long more) {
            if (isNew) {
                flows.add(key, 1);
            }
            if (more > 0) {
                bytes.add(key, more);
            }
        }
    }

    private static final class Slot {
        private final long step;
        private final Tally<Subscriber> subscribers = new Tally<>();
        private final Tally<Endpoint> destinations = new Tally<>();

        private Slot(long step) {
            this.step = step;
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
        synchronized (slots) {
            Slot slot = current();
            slot.subscribers.add(session.binding().subscriber(), isNew, bytes);
            slot.destinations.add(session.binding().destination(), isNew, bytes);
        }
    }

    /**
     * The {@code count} subscribers with the greatest sums of the last {@code window}, the greatest first.
     *
     * @param window {@link #STEP} to {@link #LONGEST}; up to a step more counts, as sums are kept by the step
     */
    public List<Talker<Subscriber>> subscribers(By kind, Duration window, int count) {
        return top(slot -> slot.subscribers.by(kind), window, count, BY_NAME);
    }

    /** As {@link #subscribers}, of destinations. */
    public List<Talker<Endpoint>> destinations(By kind, Duration window, int count) {
        return top(slot -> slot.destinations.by(kind), window, count, BY_ADDRESS);
    }

    /** The {@code count} destinations of the most sessions that live now. <b>Costs</b>: a look at all sessions. */
    public static List<Talker<Endpoint>> destinations(Sessions sessions, int count) {
        HeavyHitters<Endpoint> live = new HeavyHitters<>(CAPACITY_NOW);
        sessions.ascend(0, session -> {
            live.add(session.binding().destination(), 1);
            return true;
        });
        return greatest(
                live.hits().stream().map(hit -> new Talker<>(hit.key(), hit.sum(), hit.error())), count, BY_ADDRESS);
    }

    private <K> List<Talker<K>> top(
            Function<Slot, HeavyHitters<K>> hitters, Duration window, int count, Comparator<K> amongEquals) {
        Map<K, long[]> sums = new HashMap<>();
        synchronized (slots) {
            List<HeavyHitters<K>> recent = recent(window).stream().map(hitters).toList();
            for (HeavyHitters<K> slot : recent) {
                for (HeavyHitters.Hit<K> hit : slot.hits()) {
                    long[] sum = sums.computeIfAbsent(hit.key(), missing -> new long[3]);
                    sum[0] += hit.sum();
                    sum[1] += hit.error();
                    sum[2] += slot.missing();
                }
            }
            long missing = recent.stream().mapToLong(HeavyHitters::missing).sum();
            sums.values()
                    .forEach(
                            sum -> { // where it is not among those that were kept, it may have had that much
                                sum[0] += missing - sum[2];
                                sum[1] += missing - sum[2];
                            });
        }
        return greatest(
                sums.entrySet().stream().map(sum -> new Talker<>(sum.getKey(), sum.getValue()[0], sum.getValue()[1])),
                count,
                amongEquals);
    }

    private static <K> List<Talker<K>> greatest(Stream<Talker<K>> talkers, int count, Comparator<K> amongEquals) {
        Comparator<Talker<K>> byValue = Comparator.comparingLong(Talker::value);
        return talkers.sorted(byValue.reversed().thenComparing(Talker::who, amongEquals))
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
            if (slot != null && now - slot.step <= steps) {
                recent.add(slot);
            }
        }
        return recent;
    }
}
