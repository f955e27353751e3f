package dev.cgnat.bench.jmh;

/**
 * What one fork measured, medians of its iterations.
 *
 * @param cpuNanos processor time of a pair, in nanoseconds
 * @param pairsPerSecond by the clock, of all threads together
 * @param refNanos processor time of one {@link Ref} in the same iterations
 * @param refs processor time of a pair ÷ one ref, iteration by iteration
 * @param bytes allocated for a pair
 * @param refusedRatio grants refused although a slot was free ÷ all grants
 */
public record Measurement(
        BenchCase benchCase,
        double cpuNanos,
        double pairsPerSecond,
        double refNanos,
        double refs,
        double bytes,
        double refusedRatio) {}
