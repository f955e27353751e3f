package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long connections took so far, by the buckets of the histogram. Immutable. */
public final class ConnectTimes {
    private final double[] boundSeconds;
    /** Connections that took at most as long as each bound; the last entry is all of them. */
    private final long[] atMost;

    private ConnectTimes(double[] boundSeconds, long[] atMost) {
        this.boundSeconds = boundSeconds;
        this.atMost = atMost;
    }

    /** The sum of histograms with the same buckets. */
    static ConnectTimes of(List<HistogramSnapshot> histograms) {
        CountAtBucket[] buckets = histograms.get(0).histogramCounts();
        double[] bounds = new double[buckets.length];
        Arrays.setAll(bounds, i -> buckets[i].bucket(TimeUnit.SECONDS));
        long[] counts = new long[buckets.length + 1];
        for (HistogramSnapshot histogram : histograms) {
            CountAtBucket[] of = histogram.histogramCounts();
            for (int i = 0; i < buckets.length; i++) {
                counts[i] += (long) of[i].count();
            }
            counts[buckets.length] += histogram.count();
        }
        return new ConnectTimes(bounds, counts);
    }

    /** Those that came after {@code earlier}. */
    public ConnectTimes since(ConnectTimes earlier) {
        long[] counts = new long[atMost.length];
        Arrays.setAll(counts, i -> Math.max(0, atMost[i] - earlier.atMost[i]));
        return new ConnectTimes(boundSeconds, counts);
    }

    public long count() {
        return atMost[atMost.length - 1];
    }

    /** As Prometheus reads it from the buckets: evenly spread within each; at most the last bound. 0 if there are none. */
    public double quantileSeconds(double quantile) {
        double rank = quantile * count();
        for (int i = 0; i < boundSeconds.length; i++) {
            if (atMost[i] >= rank && atMost[i] > 0) {
                double from = i == 0 ? 0 : boundSeconds[i - 1];
                long before = i == 0 ? 0 : atMost[i - 1];
                return from + (boundSeconds[i] - from) * (rank - before) / (atMost[i] - before);
            }
        }
        return count() == 0 ? 0 : boundSeconds[boundSeconds.length - 1];
    }
}
