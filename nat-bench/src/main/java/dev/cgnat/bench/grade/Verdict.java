package dev.cgnat.bench.grade;

import java.util.Locale;

/**
 * What one row of an RFC says about a NAT.
 *
 * @param row {@code RFC 6888 REQ-2}
 * @param requirement in a few words
 * @param evidence in one line
 */
public record Verdict(String row, String requirement, Status status, String evidence) {
    /** Whether it is met. */
    public enum Status {
        COMPLIES,
        VIOLATES,
        NOT_APPLICABLE,
        NOT_SEEN;

        /** {@code not applicable}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
