package dev.cgnat.bench.jmh;

import java.time.Duration;

/**
 * How long each fork runs.
 *
 * @param warmUps iterations that are not measured
 * @param iterations that are measured; the report has their median
 * @param time of one iteration; four times as long where the garbage collector works too
 */
public record Effort(int warmUps, int iterations, Duration time) {
    /** Of one iteration of {@code benchCase}. */
    Duration time(BenchCase benchCase) {
        return benchCase.allocates() ? time.multipliedBy(4) : time;
    }

    /** Steady to a few percent on a quiet machine: the whole table in 10 to 15 minutes. */
    public static Effort normal() {
        return new Effort(2, 5, Duration.ofMillis(300));
    }

    /** Shows that it runs; its figures are rough. */
    public static Effort quick() {
        return new Effort(1, 2, Duration.ofMillis(100));
    }
}
