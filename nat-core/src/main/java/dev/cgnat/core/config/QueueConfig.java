package dev.cgnat.core.config;

import java.time.Duration;

/**
 * The waiting room of a pool: flows that find no port wait for one instead of being refused.
 *
 * @param timeout how long one flow waits, more than 0, at most 24 h
 * @param limit how many flows of the pool wait at a time, 0 to 1,000,000; 0 = none waits, the flow is refused at once
 */
public record QueueConfig(Duration timeout, int limit) {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final int MAX_LIMIT = 1_000_000;

    public QueueConfig {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("queue-timeout: " + timeout + " (expected: more than 0s, at most 24h)");
        }
        if (limit < 0 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("queue-limit: " + limit + " (expected: 0 to 1000000)");
        }
    }

    /** Nobody waits. */
    public static QueueConfig none() {
        return new QueueConfig(Duration.ofSeconds(5), 0);
    }
}
