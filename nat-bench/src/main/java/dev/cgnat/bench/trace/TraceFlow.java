package dev.cgnat.bench.trace;

import dev.cgnat.core.Binding;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import org.jspecify.annotations.Nullable;

/** A flow between inside and outside, from its line in a log until it is over. */
/*
 * One mutable object of more than seven fields, since there is one for each line: what the window, the stitcher and the replay
 * want to know of a flow would else be three objects and two tables.
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

    /** What tells two flows apart, seen from inside. */
    record Key(Protocol protocol, Endpoint internal, Endpoint destination) {}

    final FlowRequest request;
    /** Number of the subscriber. */
    final int subscriber;
    /** Whether the line tells of packets from outside only. */
    final boolean isReply;
    /** Whether other lines may tell of the same flow, even if this one tells its end. */
    final boolean mayBeHalf;
    /** How exactly its times are known. */
    final long resolutionNanos;
    /** Nanoseconds since 1970, as is the end. */
    long startNanos;

    long endNanos;
    Ending ending;
    State state = State.NEW;

    @Nullable
    Binding binding;

    DestinationUse.@Nullable Place place;
    Demand.@Nullable Unit unit;

    TraceFlow(FlowRequest request, int subscriber, boolean isReply, LoggedFlow line, Dialect dialect) {
        this.request = request;
        this.subscriber = subscriber;
        this.isReply = isReply;
        mayBeHalf = !dialect.tellsInitiator();
        resolutionNanos = dialect.resolutionNanos();
        startNanos = line.startNanos;
        endNanos = line.endNanos;
        ending = line.ending;
    }

    Key key() {
        return new Key(request.protocol(), request.internal(), request.destination());
    }
}
