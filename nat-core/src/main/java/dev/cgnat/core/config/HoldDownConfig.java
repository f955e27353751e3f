package dev.cgnat.core.config;

import java.time.Duration;

/**
 * How long a released slot rests before it may be lent again, by what ended the flow (RFC 6888 REQ-8). Each is 0 to 24 h,
 * and ends at a whole millisecond, rounded up.
 *
 * @param clientFin the client closed first, so a host in the NAT's place would hold the port in TIME_WAIT
 * @param serverFin the server closed first, so the TIME_WAIT is the server's
 * @param reset either side reset the flow
 * @param idle the flow was ended for silence
 * @param connectFailed the destination was never reached
 * @param maxHeld slots of the pool that rest at a time, at least 1, {@link #UNLIMITED} for all; beyond that, the one whose
 *     rest would end first is freed early
 */
public record HoldDownConfig(
        Duration clientFin, Duration serverFin, Duration reset, Duration idle, Duration connectFailed, int maxHeld) {
    /** As many as there are. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Far more than any TIME_WAIT or quarantine in use, and it keeps a slip of units from emptying a pool for good. */
    private static final Duration MAX = Duration.ofDays(1);

    public HoldDownConfig {
        requireLegal("client-fin", clientFin);
        requireLegal("server-fin", serverFin);
        requireLegal("reset", reset);
        requireLegal("idle", idle);
        requireLegal("connect-failed", connectFailed);
        if (maxHeld < 1) {
            throw new IllegalArgumentException("max-held: " + maxHeld + " (expected: at least 1)");
        }
    }

    /** Every slot rests for its time, however many there are. */
    public HoldDownConfig(
            Duration clientFin, Duration serverFin, Duration reset, Duration idle, Duration connectFailed) {
        this(clientFin, serverFin, reset, idle, connectFailed, UNLIMITED);
    }

    /** What a Linux host does with its own ports: 60 s of TIME_WAIT for whoever closed first, nothing after a reset. */
    public static HoldDownConfig defaults() {
        Duration timeWait = Duration.ofMinutes(1);
        return new HoldDownConfig(timeWait, Duration.ZERO, Duration.ZERO, timeWait, Duration.ZERO);
    }

    public static HoldDownConfig same(Duration duration) {
        return new HoldDownConfig(duration, duration, duration, duration, duration);
    }

    public HoldDownConfig withMaxHeld(int value) {
        return new HoldDownConfig(clientFin, serverFin, reset, idle, connectFailed, value);
    }

    private static void requireLegal(String name, Duration duration) {
        if (duration.isNegative() || duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: 0s to 24h)");
        }
    }
}
