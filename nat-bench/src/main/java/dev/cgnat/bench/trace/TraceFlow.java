package dev.cgnat.bench.trace;

import dev.cgnat.core.Binding;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import java.util.Objects;
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
    final Subscriber subscriber;
    /** Of the subscriber. */
    final int number;

    final Endpoint internal;
    final Host outside;
    /** Whether the line tells of packets from outside only. */
    final boolean isReply;
    /** Of the log that tells of it. */
    final Dialect dialect;

    private final char outsidePort;
    /** Nanoseconds since 1970, as is the end. */
    long startNanos;

    long endNanos;
    Ending ending;
    State state = State.NEW;

    @Nullable
    Binding binding;

    /** Until it is opened, whichever was asked for last at the host outside. */
    DestinationUse.@Nullable Place place;

    Demand.@Nullable Unit unit;

    /** A line that begins inside, or with {@code isReply} outside. */
    TraceFlow(LoggedFlow line, boolean isReply, Dialect dialect) {
        this.isReply = isReply;
        this.dialect = dialect;
        protocol = line.protocol;
        Host inside = isReply ? line.destination : line.source;
        subscriber = Objects.requireNonNull(inside.subscriber());
        number = inside.number();
        internal = new Endpoint(inside.address(), isReply ? line.destinationPort : line.sourcePort);
        outside = isReply ? line.source : line.destination;
        outsidePort = (char) (isReply ? line.sourcePort : line.destinationPort);
        place = outside.place();
        startNanos = line.startNanos;
        endNanos = line.endNanos;
        ending = line.ending;
    }

    int outsidePort() {
        return outsidePort;
    }

    /** Whether other lines may tell of the same flow. */
    boolean mayContinue() {
        return !dialect.tellsInitiator() || !ending.isFinal();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TraceFlow flow
                && outsidePort == flow.outsidePort
                && protocol == flow.protocol
                && internal.equals(flow.internal)
                && outside.address().equals(flow.outside.address());
    }

    @Override
    public int hashCode() {
        return ((internal.hashCode() * 31 + outside.address().hashCode()) * 31 + outsidePort) * 31 + protocol.number();
    }
}
