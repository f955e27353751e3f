package dev.cgnat.core.config;

/**
 * What one subscriber may have at a time, over all pools (RFC 6888 REQ-4).
 *
 * @param sessionsPerSubscriber live flows, at least 1; {@link #NONE} for no limit
 * @param portsPerSubscriber live flows and held slots together, at least 1; {@link #NONE} for no limit
 */
public record LimitConfig(int sessionsPerSubscriber, int portsPerSubscriber) {
    /** No limit: more than anybody can have. */
    public static final int NONE = Integer.MAX_VALUE;

    public LimitConfig {
        requirePositive("sessions-per-subscriber", sessionsPerSubscriber);
        requirePositive("ports-per-subscriber", portsPerSubscriber);
    }

    /** No limit at all. */
    public static LimitConfig defaults() {
        return new LimitConfig(NONE, NONE);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }
}
