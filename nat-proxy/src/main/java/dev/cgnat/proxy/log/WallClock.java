package dev.cgnat.proxy.log;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What the wall clock showed when the NAT's clock showed something. The NAT's never goes backwards; the wall clock is set by whoever
 * keeps time, and this follows it.
 *
 * <p><b>Ownership</b>: one thread.
 */
final class WallClock {
    /** Two readings further apart than this were interrupted, and tell nothing. */
    private static final long READ_WITHIN_NANOS = 20_000;

    /** Less is the noise of reading. */
    private static final long TOLERANCE_NANOS = 20_000;

    /** Of which one is not interrupted, on any machine that is of use. */
    private static final int MAX_READINGS = 1_000;

    private final Clock clock;
    private final LongSupplier nanos;
    private Instant origin;

    /** @param nanos the NAT's clock */
    WallClock(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        long before = nanos.getAsLong();
        origin = clock.instant().minusNanos(before);
        for (int i = 0; i < MAX_READINGS && !follow(); i++) {} // the first one may have been interrupted
    }

    /** When it was {@code atNanos} by the NAT's clock. */
    Instant at(long atNanos) {
        return origin.plusNanos(atNanos);
    }

    /** Follows the wall clock if that was set or corrected; false if the reading was interrupted, so that nothing is known. */
    boolean follow() {
        long before = nanos.getAsLong();
        Instant now = clock.instant();
        long after = nanos.getAsLong();
        Instant measured = now.minusNanos(before);
        if (after - before >= READ_WITHIN_NANOS) {
            return false;
        }
        if (Duration.between(origin, measured).abs().toNanos() > TOLERANCE_NANOS) {
            origin = measured;
        }
        return true;
    }
}
