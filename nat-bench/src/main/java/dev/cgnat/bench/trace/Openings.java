package dev.cgnat.bench.trace;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Flows that are to be opened, first come, first served.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) for each.
 */
/*
 * Whose flow comes next and where it goes is as good as random, so that hardly anything of its subscriber and its destination is
 * in a cache. What is first read when a flow is opened is waited for; the reads of several flows in a row overlap.
 */
final class Openings {
    private static final int READ_AHEAD = 16;

    private final ArrayDeque<TraceFlow> flows = new ArrayDeque<>();
    private int unread;
    private long sum;

    /** @param flow begins no earlier than those that were added before */
    void add(TraceFlow flow) {
        flows.add(flow);
    }

    /** Takes the next flow out if it begins before then; else null. */
    @Nullable
    TraceFlow next(long beforeNanos) {
        TraceFlow first = flows.peek();
        if (first == null || first.startNanos >= beforeNanos) {
            return null;
        }
        if (--unread < 0) {
            unread = READ_AHEAD - 1;
            readAhead();
        }
        return flows.remove();
    }

    private void readAhead() {
        int count = 0;
        for (TraceFlow flow : flows) {
            if (++count > READ_AHEAD) {
                return;
            }
            DestinationUse.Place place = flow.place;
            sum += flow.subscriber.hashCode()
                    + (place == null ? 0 : place.endpoint().address().low());
        }
    }

    /** Of all that was read; the compiler cannot leave out what somebody may ask for. */
    long sum() {
        return sum;
    }
}
