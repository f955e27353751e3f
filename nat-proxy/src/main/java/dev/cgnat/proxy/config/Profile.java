package dev.cgnat.proxy.config;

import java.time.LocalDate;
import java.util.Locale;

/**
 * A NAT or host that is known by name: values for pools, timeouts and limits, and where they come from.
 *
 * @param name as {@code profile} and {@code --profile} take it
 * @param description one line
 * @param source where the values were read
 * @param readOn when they were read there
 * @param confidence how far to trust them; the comments of the file say why, and where one value stands out
 * @param text the whole file
 */
public record Profile(
        String name, String description, String source, LocalDate readOn, Confidence confidence, String text) {
    /** Where the values that matter most come from, the best first. */
    public enum Confidence {
        /** Tried by this project. */
        TESTED_HERE,
        /** Read in what {@code source} names. */
        READ,
        /** Concluded from what was read. */
        DERIVED,
        /** From memory of what {@code source} names. */
        RECALLED;

        private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** As the files spell it. */
        public String key() {
            return key;
        }
    }
}
