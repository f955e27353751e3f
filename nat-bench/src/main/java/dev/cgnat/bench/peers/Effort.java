package dev.cgnat.bench.peers;

import java.time.Duration;

/**
 * How much a run takes upon itself.
 *
 * @param repeats samples of each peer, 1 or more
 * @param time of one sample
 * @param churn how long a small pool is churned
 * @param flows short connections of the soak
 * @param sessions that live while the admin API is asked
 */
public record Effort(int repeats, Duration time, Duration churn, long flows, int sessions) {
    /** What the pool of the admin part lends, with room for real flows. */
    private static final int MOST_SESSIONS = 400_000;

    public Effort {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: " + repeats + " (expected: at least 1)");
        }
        if (flows < 1) {
            throw new IllegalArgumentException("flows: " + flows + " (expected: at least 1)");
        }
        if (sessions < 1 || sessions > MOST_SESSIONS) {
            throw new IllegalArgumentException("sessions: " + sessions + " (expected: 1 to " + MOST_SESSIONS + ")");
        }
    }
}
