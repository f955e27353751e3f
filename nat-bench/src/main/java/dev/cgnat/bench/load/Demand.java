package dev.cgnat.bench.load;

import java.net.InetSocketAddress;

/**
 * What a driver begins, and when.
 *
 * <p><b>Ownership</b>: the driver's thread.
 */
public interface Demand {
    /** No flow is wanted, unless one that lives ends. */
    long NEVER = Long.MAX_VALUE;

    /** What became of a flow. */
    enum End {
        /** It was established, and has ended. */
        OVER,
        /** The NAT said no. */
        REFUSED,
        /** It was neither established nor refused. */
        FAILED
    }

    /**
     * A flow.
     *
     * @param subscriber index in {@link Sources}
     * @param holdNanos how long it lives once established, 0 or more
     * @param requestNanos from one request over it to the next, 0 = only the first
     * @param tag whatever tells the demand which flow it is
     */
    record Flow(
            int subscriber, InetSocketAddress target, long holdNanos, CloseMode close, long requestNanos, int tag) {}

    /** When the next flow is wanted, in nanoseconds since the beginning; {@link #NEVER} if none is. */
    long nextNanos();

    /** The flow that {@link #nextNanos} tells of; the one after it is told of from then on. */
    Flow take();

    /** A flow has ended, {@code nowNanos} after the beginning. */
    default void ended(Flow flow, End end, long nowNanos) {}
}
