package dev.cgnat.core.model;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;

/** Something that has a spot: nobody else may be given that before {@code until}. */
final class Use {
    /** Of the time of what has no end yet. */
    static final long OPEN_END = Long.MAX_VALUE;

    /** What it is. */
    enum Kind {
        /** A live flow without a mapping. */
        FLOW,
        /** What such a flow leaves behind. */
        REST,
        /** A mapping, with its flows and their rests. */
        MAPPING,
        /** A slot or a pair that a foreign socket holds. */
        ASIDE
    }

    final Kind kind;
    final Spot spot;
    final Endpoint destination;
    final Subscriber subscriber;
    long until;

    Use(Kind kind, Spot spot, Endpoint destination, Subscriber subscriber, long until) {
        this.kind = kind;
        this.spot = spot;
        this.destination = destination;
        this.subscriber = subscriber;
        this.until = until;
    }

    boolean isOver(long at) {
        return until <= at;
    }

    /** Whether it waits for nothing but the time to pass. */
    boolean isResting(long at) {
        return kind != Kind.ASIDE && until != OPEN_END && until > at;
    }

    @Override
    public String toString() {
        return kind + " " + spot + " of " + subscriber + " to " + destination + " until " + until;
    }
}
