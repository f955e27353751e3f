package dev.cgnat.bench.grade;

import java.util.Locale;
import java.util.Optional;

/**
 * Which port is taken next.
 *
 * @param kind how one is drawn that is not the client's; empty if all were
 * @param prefer what is tried before
 * @param bits how hard the next port is to guess for who saw the earlier ones and knows the client's: the binary logarithm of the
 *     candidates that are left, 0 or more
 */
public record Selection(Optional<Kind> kind, Preference prefer, double bits) {
    /** How a port is drawn. */
    public enum Kind {
        UNIFORM,
        /** The next one after the last. */
        SEQUENTIAL,
        /** The next one after the subscriber's last. */
        SEQUENTIAL_PER_SUBSCRIBER,
        /** A short random step after the last. */
        RANDOM_INCREMENTS,
        /** Ports that were never used in their order, then in the order in which they were freed. */
        LEAST_RECENTLY_FREED,
        /** None of these. */
        OTHER;

        /** {@code least-recently-freed}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a NAT keeps of the client's port if it can. */
    public enum Preference {
        NONE,
        SAME_PORT,
        PARITY
    }

    /** {@code uniform}, {@code preserved, else uniform}. */
    public String text() {
        String rest = kind.map(Kind::text).orElse("not seen");
        return switch (prefer) {
            case NONE -> rest;
            case SAME_PORT -> "preserved, else " + rest;
            case PARITY -> rest + " of the client's parity";
        };
    }

    Selection withKind(Kind value) {
        return new Selection(Optional.of(value), prefer, bits);
    }
}
