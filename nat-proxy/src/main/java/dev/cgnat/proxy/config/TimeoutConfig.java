package dev.cgnat.proxy.config;

import java.time.Duration;

/**
 * How long a flow may take for each step, each more than 0 and at most 30 days (RFC 5382 REQ-5, RFC 7857 section 2).
 *
 * @param connect from the grant of a port to the connection with the destination
 * @param handshake from the client's connection to its complete request
 * @param established without a byte either way, once bytes went both ways
 * @param opening without a byte, until bytes went both ways
 * @param halfClosed without a byte, once one side has closed
 */
public record TimeoutConfig(
        Duration connect, Duration handshake, Duration established, Duration opening, Duration halfClosed) {
    private static final Duration MAX = Duration.ofDays(30);

    public TimeoutConfig {
        requireLegal("connect", connect);
        requireLegal("handshake", handshake);
        requireLegal("established", established);
        requireLegal("opening", opening);
        requireLegal("half-closed", halfClosed);
    }

    /** 10 s, 10 s, and the least that RFC 5382 REQ-5 allows: 2 h 4 min, 4 min, 4 min. */
    public static TimeoutConfig defaults() {
        return new TimeoutConfig(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(124),
                Duration.ofMinutes(4),
                Duration.ofMinutes(4));
    }

    private static void requireLegal(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0s, at most 30d)");
        }
    }
}
