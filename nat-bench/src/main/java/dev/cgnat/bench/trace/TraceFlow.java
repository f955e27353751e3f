package dev.cgnat.bench.trace;

import dev.cgnat.core.Binding;
import dev.cgnat.core.address.Protocol;
import org.jspecify.annotations.Nullable;

/** A flow between inside and outside, from its line in a log until it is over; equal to each with the same two endpoints. */
/*
 * One mutable object of more than seven fields, since there is one for each line: what the window, the stitcher and the replay
 * want to know of a flow would else be three objects and two tables. It is kept to about a cache line, as hundreds of thousands
 * may stand in the windows and each is visited four times; what the NAT wants to know is made of it when it is opened.
 */
final class TraceFlow {
    /** What the NAT made of it. */
    enum State {
        NEW,
        GRANTED,
        REFUSED,
        /** The NAT let it wait for a port. */
        WAITING,
        /** Begun from outside: only here to take up what else the log tells of it. */
        INBOUND,
        /** The NAT has its port back. */
        OVER
    }

    final Protocol protocol;
    final Host inside;
    final Host outside;
    /** Whether the line tells of packets from outside only. */
    final boolean isReply;
    /** Of the log that tells of it. */
    final Dialect dialect;

    /** That of the host inside in the upper half. */
    private final int ports;
    /** Nanoseconds since 1970, as is the end. */
    long startNanos;

    long endNanos;
    Ending ending;
    State state = State.NEW;

    @Nullable
    Binding binding;

    DestinationUse.@Nullable Place place;
    Demand.@Nullable Unit unit;

    /** A line that begins inside, or with {@code isReply} outside. */
    TraceFlow(LoggedFlow line, boolean isReply, Dialect dialect) {
        this.isReply = isReply;
        this.dialect = dialect;
        protocol = line.protocol;
        inside = isReply ? line.destination : line.source;
        outside = isReply ? line.source : line.destination;
        ports = isReply
                ? line.destinationPort << Short.SIZE | line.sourcePort
                : line.sourcePort << Short.SIZE | line.destinationPort;
        startNanos = line.startNanos;
        endNanos = line.endNanos;
        ending = line.ending;
    }

    int insidePort() {
        return ports >>> Short.SIZE;
    }

    int outsidePort() {
        return ports & 0xffff;
    }

    /** Whether other lines may tell of the same flow. */
    boolean mayContinue() {
        return !dialect.tellsInitiator() || !ending.isFinal();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TraceFlow flow
                && ports == flow.ports
                && protocol == flow.protocol
                && inside.address().equals(flow.inside.address())
                && outside.address().equals(flow.outside.address());
    }

    @Override
    public int hashCode() {
        return ((inside.address().hashCode() * 31 + outside.address().hashCode()) * 31 + ports) * 31 + protocol.number();
    }
}
