package dev.cgnat.bench.rfc9693;

import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Measures one {@link Path}.
 *
 * <pre>
 *   phase 1   an empty table is loaded: every connection from a source endpoint of its own, each proves itself by an echo
 *   phase 2   the loaded table stands: a further echo over every connection, and no new connection
 *   then      the clients close: by resets between trials, so that no port rests; by FINs where the tear-down is the figure
 * </pre>
 *
 * <p>One thread measures; {@link #stop} may be called by any.
 */
public final class Benchmark {
    private static final double FIRST_RATE = 500;
    /** Loadings before the first that counts, until one passes: a NAT in Java is slow until it is compiled. */
    private static final int MOST_WARM_UPS = 5;

    /** No trial takes longer to load the table. */
    private static final double LONGEST_SECONDS = 60;
    /** Of the time that loading should take: what stands later was not carried at that rate. */
    private static final double LATE = 1.05;

    private static final double SAFE = 0.5;
    private static final Duration TEAR_DOWN_LIMIT = Duration.ofSeconds(30);
    /** Between trials, so that the NAT hears of the resets that emptied its table; longer where it was slow to answer. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final int PAUSE_PER_CONNECT = 4;
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Loops loops;
    private final Sources sources;
    private final Path path;
    private final Bounds bounds;
    private final Consumer<String> progress;
    private volatile Optional<LoadDriver> current = Optional.empty();
    private volatile boolean stopped;
    private SortedMap<String, Long> losses = new TreeMap<>();
    private long slowestNanos;

    /** @param progress is told a line about each trial */
    public Benchmark(Loops loops, Sources sources, Path path, Bounds bounds, Consumer<String> progress) {
        this.loops = loops;
        this.sources = sources;
        this.path = path;
        this.bounds = bounds;
        this.progress = progress;
    }

    /**
     * The capacity of a table.
     *
     * @param connections that stood, and all answered in phase 2
     * @param isBound whether no more were asked for, so that the table may hold more
     * @param refused why no more stood, by reason; empty if {@code isBound}
     * @param answerMs how long the answers of phase 2 took
     */
    public record Capacity(
            int connections, boolean isBound, SortedMap<String, Long> refused, LatencySummary answerMs) {}

    /** Ends the trial under way; figures that are not complete are left out. */
    public void stop() {
        stopped = true;
        current.ifPresent(LoadDriver::stop);
    }

    /** Why the last trial that failed did, by reason; empty if none failed. */
    public SortedMap<String, Long> losses() {
        return losses;
    }

    /** Highest rates at which the table was loaded without a loss and all answered; empty if it was stopped. */
    public Optional<Spread> establishment() throws InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < bounds.repeats() && !stopped; i++) {
            double least = bounds.connections() / LONGEST_SECONDS;
            double first = Math.max(least, rates.isEmpty() || rates.get(0) == 0 ? FIRST_RATE : rates.get(0));
            for (int warmUp = 0; i == 0 && warmUp < MOST_WARM_UPS && !loads(first); warmUp++) {
                progress.accept(path.name() + ": not counted, as it may not be warm yet");
            }
            rates.add(RateSearch.highest(least, first, this::loads));
            progress.accept(path.name() + ": establishment rate " + text(rates.get(i)));
        }
        return stopped ? Optional.empty() : Optional.of(Spread.of(rates));
    }

    /**
     * Connections ÷ the time from the first FIN until the last has ended on both sides; empty if it was stopped, or if the table
     * could not be loaded or did not empty within 30 s.
     *
     * @param establishment at half of which the table is loaded
     */
    public Optional<Spread> tearDown(double establishment) throws InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < bounds.repeats() && !stopped; i++) {
            try (LoadDriver driver = start(SAFE * establishment, bounds.connections(), CloseMode.CLIENT)) {
                await(driver);
                if (!stands(driver, bounds.connections())) {
                    return Optional.empty();
                }
                Optional<Duration> took = driver.finishFlows(TEAR_DOWN_LIMIT);
                if (took.isEmpty()) {
                    return Optional.empty();
                }
                rates.add(bounds.connections() / (took.get().toNanos() / 1e9));
                progress.accept(path.name() + ": tear-down rate " + text(rates.get(i)));
            }
        }
        return stopped ? Optional.empty() : Optional.of(Spread.of(rates));
    }

    /**
     * How many connections stand when the first is refused, or when no more may be asked for; empty if it was stopped.
     *
     * @param establishment at half of which the table is loaded; 0 = unknown
     */
    public Optional<Capacity> capacity(double establishment) throws InterruptedException {
        double perSecond = SAFE * (establishment > 0 ? establishment : FIRST_RATE);
        try (LoadDriver driver = start(perSecond, bounds.most(), CloseMode.RESET)) {
            await(driver);
            if (stopped) {
                return Optional.empty();
            }
            LoadCounts loaded = driver.counts();
            LatencySummary answers = driver.requestOverAll(perSecond);
            int standing = driver.counts().live();
            progress.accept(path.name() + ": capacity " + standing);
            return Optional.of(new Capacity(standing, lost(loaded) == 0, reasons(loaded), answers));
        }
    }

    /** One loading of the table at {@code perSecond}, and one further echo over all that stands. */
    private boolean loads(double perSecond) throws InterruptedException {
        if (stopped) {
            return false;
        }
        try (LoadDriver driver = start(perSecond, bounds.connections(), CloseMode.RESET)) {
            long begin = System.nanoTime();
            await(driver);
            double seconds = (System.nanoTime() - begin) / 1e9;
            boolean isInTime = seconds <= bounds.connections() / perSecond * LATE;
            boolean isLoaded = isInTime && stands(driver, bounds.connections());
            boolean passes = isLoaded
                    && driver.requestOverAll(perSecond).count() == bounds.connections()
                    && stands(driver, bounds.connections());
            LoadResult result = driver.finish();
            slowestNanos = result.connect().getMaxValue();
            if (!passes) {
                losses = reasons(result.counts());
                if (losses.isEmpty()) {
                    losses.put(
                            result.lateness().getValueAtPercentile(99)
                                            > result.connect().getValueAtPercentile(99) / 2
                                    ? "driver_late"
                                    : "late",
                            (long) bounds.connections());
                }
            }
            progress.accept(String.format(
                    Locale.ROOT,
                    "%s: %d connections at %.0f/s: %d stand after %.2f s, %s",
                    path.name(),
                    bounds.connections(),
                    perSecond,
                    result.counts().established(),
                    seconds,
                    passes ? "passed" : "failed " + losses));
            return passes;
        }
    }

    private LoadDriver start(double perSecond, int connections, CloseMode close) {
        LockSupport.parkNanos(Math.min(LONGEST_PAUSE_NANOS, Math.max(PAUSE_NANOS, PAUSE_PER_CONNECT * slowestNanos)));
        LoadDriver driver = LoadDriver.start(loops, sources, path.plan(Math.max(1, perSecond), connections, close));
        current = Optional.of(driver);
        if (stopped) {
            driver.stop(); // it came between
        }
        return driver;
    }

    /** Until all is decided; at the first loss no more begin. */
    private static void await(LoadDriver driver) throws InterruptedException {
        CompletableFuture<Void> settled = driver.settled();
        while (!settled.isDone()) {
            if (lost(driver.counts()) > 0) {
                driver.stop();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        settled.join();
    }

    private static boolean stands(LoadDriver driver, int connections) {
        LoadCounts counts = driver.counts();
        return counts.live() == connections && counts.echoed() == connections && lost(counts) == 0;
    }

    private static long lost(LoadCounts counts) {
        return counts.refusedTotal() + counts.failedTotal() + counts.brokenTotal() + counts.ownTotal();
    }

    private static SortedMap<String, Long> reasons(LoadCounts counts) {
        SortedMap<String, Long> reasons = new TreeMap<>();
        counts.refused().forEach((reason, count) -> reasons.put("refused." + reason, count));
        counts.failed().forEach((reason, count) -> reasons.put("failed." + reason, count));
        counts.broken().forEach((reason, count) -> reasons.put("broken." + reason, count));
        counts.own().forEach((reason, count) -> reasons.put("own." + reason, count));
        return reasons;
    }

    private static String text(double perSecond) {
        return String.format(Locale.ROOT, "%.0f/s", perSecond);
    }
}
