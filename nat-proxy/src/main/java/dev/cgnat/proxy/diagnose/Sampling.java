package dev.cgnat.proxy.diagnose;

import java.time.Duration;

/**
 * How often pools are looked at, and how much of that is kept.
 *
 * @param interval more than 0
 * @param samples kept of each pool, at least 2
 * @param forecastSamples intervals that the forecast looks back, 1 to {@code samples} - 1
 */
public record Sampling(Duration interval, int samples, int forecastSamples) {
    public Sampling {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: more than 0s)");
        }
        if (samples < 2) {
            throw new IllegalArgumentException("samples: " + samples + " (expected: at least 2)");
        }
        if (forecastSamples < 1 || forecastSamples >= samples) {
            throw new IllegalArgumentException(
                    "forecastSamples: " + forecastSamples + " (expected: 1 to " + (samples - 1) + ")");
        }
    }

    /** Every 5 s, the last quarter of an hour; the forecast looks back two minutes. */
    public static Sampling defaults() {
        return new Sampling(Duration.ofSeconds(5), 181, 24);
    }
}
