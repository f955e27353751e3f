package dev.cgnat.bench.load;

import org.HdrHistogram.AbstractHistogram;

/** A distribution of times, in milliseconds; all 0 if nothing was counted. */
public record LatencySummary(long count, double p50, double p90, double p99, double p999, double max, double mean) {
    /** Of times in nanoseconds. */
    public static LatencySummary of(AbstractHistogram nanos) {
        return new LatencySummary(
                nanos.getTotalCount(),
                millis((double) nanos.getValueAtPercentile(50)),
                millis((double) nanos.getValueAtPercentile(90)),
                millis((double) nanos.getValueAtPercentile(99)),
                millis((double) nanos.getValueAtPercentile(99.9)),
                millis((double) nanos.getMaxValue()),
                millis(nanos.getMean()));
    }

    private static double millis(double nanos) {
        return Math.round(nanos / 1e3) / 1e3; // whole microseconds
    }
}
