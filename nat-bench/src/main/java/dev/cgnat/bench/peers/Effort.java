package dev.cgnat.bench.peers;

import java.time.Duration;

/**
 * How much a run takes upon itself.
 *
 * @param repeats samples of each peer, 1 or more
 * @param time of one sample
 * @param churn how long a small pool is churned
 * @param flows short connections of the soak
 */
public record Effort(int repeats, Duration time, Duration churn, long flows) {
    public Effort {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: " + repeats + " (expected: at least 1)");
        }
        if (flows < 1) {
            throw new IllegalArgumentException("flows: " + flows + " (expected: at least 1)");
        }
    }
}
