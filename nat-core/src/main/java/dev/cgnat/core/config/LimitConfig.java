package dev.cgnat.core.config;

/**
 * What one subscriber may have, over all pools (RFC 6888 REQ-4), and what one destination may take. Each is at least 1;
 * {@link #NONE} for no limit. Subscribers are counted per protocol (REQ-4B).
 *
 * @param sessionsPerSubscriber live flows
 * @param portsPerSubscriber external ports that live or rest
 * @param newPerSecondPerSubscriber flows granted per second; a subscriber that was idle may open that many at once (REQ-4C)
 * @param sessionsPerDestination live flows to one destination endpoint from one external address
 * @param portsPerDestination flows to one destination endpoint from one external address that live or rest
 */
public record LimitConfig(
        int sessionsPerSubscriber,
        int portsPerSubscriber,
        int newPerSecondPerSubscriber,
        int sessionsPerDestination,
        int portsPerDestination) {
    /** No limit: more than anybody can have. */
    public static final int NONE = Integer.MAX_VALUE;

    private static final LimitConfig DEFAULTS = new LimitConfig(NONE, NONE, NONE, NONE, NONE);

    public LimitConfig {
        requirePositive("sessions-per-subscriber", sessionsPerSubscriber);
        requirePositive("ports-per-subscriber", portsPerSubscriber);
        requirePositive("new-per-second-per-subscriber", newPerSecondPerSubscriber);
        requirePositive("sessions-per-destination", sessionsPerDestination);
        requirePositive("ports-per-destination", portsPerDestination);
    }

    /** No limit at all. */
    public static LimitConfig defaults() {
        return DEFAULTS;
    }

    public LimitConfig withSessionsPerSubscriber(int value) {
        return new LimitConfig(
                value, portsPerSubscriber, newPerSecondPerSubscriber, sessionsPerDestination, portsPerDestination);
    }

    public LimitConfig withPortsPerSubscriber(int value) {
        return new LimitConfig(
                sessionsPerSubscriber, value, newPerSecondPerSubscriber, sessionsPerDestination, portsPerDestination);
    }

    public LimitConfig withNewPerSecondPerSubscriber(int value) {
        return new LimitConfig(
                sessionsPerSubscriber, portsPerSubscriber, value, sessionsPerDestination, portsPerDestination);
    }

    public LimitConfig withSessionsPerDestination(int value) {
        return new LimitConfig(
                sessionsPerSubscriber, portsPerSubscriber, newPerSecondPerSubscriber, value, portsPerDestination);
    }

    public LimitConfig withPortsPerDestination(int value) {
        return new LimitConfig(
                sessionsPerSubscriber, portsPerSubscriber, newPerSecondPerSubscriber, sessionsPerDestination, value);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }
}
