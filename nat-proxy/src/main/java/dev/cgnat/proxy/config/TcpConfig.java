package dev.cgnat.proxy.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What the kernel is asked to do for both legs of every flow.
 *
 * @param keepAlive how long a connection is silent before it is probed, whole seconds, 1 s to 32767 s; empty = never probed
 * @param userTimeout how long sent data may stay unacknowledged before the kernel gives up (RFC 5482), 1 ms to 24 h; empty = as
 *     long as the kernel retransmits
 */
public record TcpConfig(Optional<Duration> keepAlive, Optional<Duration> userTimeout) {
    /** Linux keeps it in 15 bits. */
    private static final Duration MAX_KEEP_ALIVE = Duration.ofSeconds(32_767);

    private static final Duration MAX_USER_TIMEOUT = Duration.ofDays(1);

    public TcpConfig {
        keepAlive
                .filter(time -> time.toSeconds() < 1
                        || time.compareTo(MAX_KEEP_ALIVE) > 0
                        || !time.equals(Duration.ofSeconds(time.toSeconds())))
                .ifPresent(time -> {
                    throw new IllegalArgumentException(
                            "keep-alive: " + time + " (expected: whole seconds, 1s to 32767s, or none)");
                });
        userTimeout
                .filter(time -> time.toMillis() < 1 || time.compareTo(MAX_USER_TIMEOUT) > 0)
                .ifPresent(time -> {
                    throw new IllegalArgumentException("user-timeout: " + time + " (expected: 1ms to 24h, or none)");
                });
    }

    /** Neither. */
    public static TcpConfig defaults() {
        return new TcpConfig(Optional.empty(), Optional.empty());
    }
}
