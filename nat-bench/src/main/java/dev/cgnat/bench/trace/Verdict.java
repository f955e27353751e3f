package dev.cgnat.bench.trace;

import java.util.Locale;

/** What a line is to the replay. */
public enum Verdict {
    /** A flow between inside and outside. */
    FLOW,
    /** A header, a comment or a summary: not counted at all. */
    NONE,
    /** Neither TCP nor UDP nor ICMP. */
    OTHER_PROTOCOL,
    /** An ICMP message that belongs to another flow, or to the neighbourhood. */
    ICMP_MESSAGE,
    /** Traffic that was not let through. */
    NOT_ACCEPTED,
    /** The exporter saw nothing, or lost what it saw. */
    NO_DATA,
    /** Both ends inside. */
    INSIDE,
    /** Both ends outside. */
    OUTSIDE,
    /** Begun from outside. */
    INBOUND,
    /** To a destination that needs no translation. */
    BYPASSED,
    /** Later than the window lets, and over by then. */
    TOO_LATE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Whether the line tells of traffic that is no business of the NAT. */
    boolean isSkipped() {
        return switch (this) {
            case FLOW, NONE, BYPASSED -> false;
            case OTHER_PROTOCOL, ICMP_MESSAGE, NOT_ACCEPTED, NO_DATA, INSIDE, OUTSIDE, INBOUND, TOO_LATE -> true;
        };
    }

    /** Lower case with hyphens. */
    public String label() {
        return label;
    }
}
