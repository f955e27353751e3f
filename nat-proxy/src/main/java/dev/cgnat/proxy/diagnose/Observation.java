package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.metrics.OpenResult;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What happened to a pool between the first and the last of at least two samples. */
record Observation(List<PoolSample> samples) {
    /** Of the most flows, from where on growth counts as over. */
    private static final double FULL_GROWN = 0.98;

    Observation {
        samples = List.copyOf(samples);
        if (samples.size() < 2) {
            throw new IllegalArgumentException("samples: " + samples.size() + " (expected: at least 2)");
        }
    }

    PoolSample first() {
        return samples.get(0);
    }

    PoolSample last() {
        return samples.get(samples.size() - 1);
    }

    /** When most slots were live or held. */
    PoolSample fullest() {
        return samples.stream()
                .max(Comparator.comparingInt(sample -> sample.sessions() + sample.heldSlots()))
                .orElseThrow();
    }

    long refused(Refusal... reasons) {
        return Stream.of(reasons)
                .mapToLong(reason -> last().refused(reason) - first().refused(reason))
                .sum();
    }

    long opened(OpenResult... results) {
        return Stream.of(results)
                .mapToLong(result -> last().opened(result) - first().opened(result))
                .sum();
    }

    long requests() {
        return last().requests() - first().requests();
    }

    /** From the first sample to the one in which the number of live flows has all but stopped to grow. */
    List<PoolSample> growth() {
        int most = samples.stream().mapToInt(PoolSample::sessions).max().orElseThrow();
        int end = 0;
        while (samples.get(end).sessions() < FULL_GROWN * most) {
            end++;
        }
        return samples.subList(0, end + 1);
    }
}
