package dev.cgnat.bench.trace;

import dev.cgnat.bench.trace.TraceFlow.State;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Puts together what several lines tell of one flow: the fragments that an exporter cuts a long flow into, and the two
 * directions where each has lines of its own.
 *
 * <p>A line belongs to the flow before it with the same endpoints if it begins before that flow is over for the NAT, or within
 * the gap that is allowed after its last packet. After a FIN or a reset it belongs to it only if it begins before the end, as
 * exactly as the log tells time.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); an entry for each flow of which more may come.
 */
final class Stitcher {
    private final long gapNanos;
    private final ToLongFunction<TraceFlow> natEnd;
    private final LogCounts counts;
    /** By itself, as flows with the same endpoints are equal. */
    private final Map<TraceFlow, TraceFlow> open = new HashMap<>();

    private long stitched;
    private long replies;

    /** @param natEnd when the NAT gives the port of a flow back */
    Stitcher(long gapNanos, ToLongFunction<TraceFlow> natEnd, LogCounts counts) {
        this.gapNanos = gapNanos;
        this.natEnd = natEnd;
        this.counts = counts;
    }

    /** Whether {@code flow} is one of its own; else it was added to the one that it belongs to. Flows come by their beginnings. */
    boolean isNew(TraceFlow flow) {
        boolean mayContinue = flow.mayContinue();
        if (!mayContinue && open.isEmpty()) {
            return true;
        }
        TraceFlow before = open.get(flow);
        if (before != null && adjoins(before, flow)) {
            before.endNanos = Math.max(before.endNanos, flow.endNanos);
            before.ending = before.ending.with(flow.ending, flow.isReply);
            if (before.state == State.INBOUND) {
                counts.change(Verdict.FLOW, Verdict.INBOUND);
            } else if (flow.isReply) {
                replies++;
            } else {
                stitched++;
            }
            return false;
        }
        if (flow.isReply) {
            flow.state = State.INBOUND;
            counts.change(Verdict.FLOW, Verdict.INBOUND);
        }
        if (before != null) {
            open.remove(before);
        }
        if (mayContinue) {
            open.put(flow, flow);
        }
        return true;
    }

    /** The NAT has given the port of {@code flow} back; nothing that comes can belong to it any more. */
    @SuppressWarnings("ReferenceEquality") // another flow with these endpoints may have begun
    void over(TraceFlow flow) {
        if (!open.isEmpty() && open.get(flow) == flow) {
            open.remove(flow);
        }
    }

    /** Lines that went on with a flow from inside. */
    long stitched() {
        return stitched;
    }

    /** Lines that told of the direction to the inside. */
    long replies() {
        return replies;
    }

    private boolean adjoins(TraceFlow before, TraceFlow flow) {
        return before.ending.isFinal()
                ? flow.startNanos <= before.endNanos + before.dialect.resolutionNanos()
                : flow.startNanos <= Math.max(before.endNanos + gapNanos, natEnd.applyAsLong(before));
    }
}
