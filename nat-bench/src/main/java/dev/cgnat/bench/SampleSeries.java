package dev.cgnat.bench;

import dev.cgnat.bench.report.Numbers;
import dev.cgnat.bench.report.RunReport.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** The course of a run on the real clock: a sample at its beginning, at equal distances, and at its end. Thread-safe. */
final class SampleSeries implements AutoCloseable {
    /** Longer runs have samples at longer distances. */
    private static final int MAX_SAMPLES = 3_600;

    private final Source source;
    private final Duration interval;
    private final long startNanos = System.nanoTime();
    private final List<Sample> samples = new ArrayList<>();
    private final ScheduledExecutorService timer;
    private int missed;

    /** Where samples come from; asked by one thread at a time. */
    interface Source {
        /**
         * What is now, and what was since the sample before.
         *
         * @param seconds since the beginning, at each call
         * @return nothing if it cannot be told: the next sample then covers the longer time
         */
        Optional<Sample> sample(DoubleSupplier seconds) throws InterruptedException;
    }

    private SampleSeries(Source source, Duration interval) {
        this.source = source;
        this.interval = interval;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "samples");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins now.
     *
     * @param duration how long it will take, about
     * @param interval between samples, if that makes not too many
     */
    static SampleSeries start(Source source, Duration duration, Duration interval) {
        Duration least = Duration.ofSeconds(duration.toSeconds() / MAX_SAMPLES);
        SampleSeries series = new SampleSeries(source, least.compareTo(interval) > 0 ? least : interval);
        series.sample();
        long nanos = series.interval.toNanos();
        series.timer.scheduleAtFixedRate(series::sample, nanos, nanos, TimeUnit.NANOSECONDS);
        return series;
    }

    private synchronized void sample() {
        double last = samples.isEmpty()
                ? Double.NEGATIVE_INFINITY
                : samples.get(samples.size() - 1).atSeconds();
        if (!timer.isShutdown() && seconds() - last < interval.toNanos() / 2e9) {
            return; // the one before came late
        }
        try {
            Optional<Sample> sample = source.sample(this::seconds);
            sample.ifPresentOrElse(samples::add, () -> missed++);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double seconds() {
        return Numbers.decimals((System.nanoTime() - startNanos) / 1e9, 3);
    }

    /** Takes the last sample, and gives all. */
    List<Sample> finish() {
        timer.shutdown();
        sample();
        synchronized (this) {
            return List.copyOf(samples);
        }
    }

    /** Samples that could not be told. */
    synchronized int missed() {
        return missed;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
