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

    private final Clock clock;
    private final LongSupplier nanos;
    private Instant origin;

    /** @param nanos the NAT's clock */
    WallClock(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        long before = nanos.getAsLong();
        origin = clock.instant().minusNanos(before);
    }

    /** When it was {@code atNanos} by the NAT's clock. */
    Instant at(long atNanos) {
        return origin.plusNanos(atNanos);
    }

    /** Follows the wall clock if that was set or corrected. */
    void follow() {
        long before = nanos.getAsLong();
        Instant now = clock.instant();
        long after = nanos.getAsLong();
        Instant measured = now.minusNanos(before);
        boolean isOff = Duration.between(origin, measured).abs().toNanos() > TOLERANCE_NANOS;
        if (isOff && after - before < READ_WITHIN_NANOS) {
            origin = measured;
        }
    }
}
