package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.peers.work.WorkResult.Figure;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts of one order, and how long things took. Used on one event loop only. */
final class Tally {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final long startNanos = System.nanoTime();
    private final Map<String, Long> failed = new TreeMap<>();
    private final Histogram times = new Histogram(1_000, LONGEST_NANOS, 3);
    private long done;

    void done(long sinceNanos) {
        done++;
        times.recordValue(Math.max(0, Math.min(System.nanoTime() - sinceNanos, LONGEST_NANOS)));
    }

    void failed(String reason) {
        failed.merge(reason, 1L, Long::sum);
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    WorkResult result() {
        WorkResult result = WorkResult.of(done, failed, seconds());
        return times.getTotalCount() == 0
                ? result
                : result.with(Figure.P50_MICROS, times.getValueAtPercentile(50) / 1e3)
                        .with(Figure.P99_MICROS, times.getValueAtPercentile(99) / 1e3);
    }
}
