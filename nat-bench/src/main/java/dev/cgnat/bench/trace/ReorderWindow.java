package dev.cgnat.bench.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts flows in the order of their beginnings, as far as they come within a window of time. One that comes later than that
 * begins when the window has got to.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: the flows of a window; O(1) for each, as they come nearly in order.
 */
/*
 * A ring of buckets, each of a 64th of the window and sorted when the window has left it. A heap would have to compare each flow
 * with a dozen others that lie all over the memory.
 */
final class ReorderWindow {
    private static final int BUCKETS = 64;
    /** The window touches one more than it has, and the newest flow may stand in the next. */
    private static final int RING = 2 * BUCKETS;

    private static final long NARROWEST_NANOS = 1_000_000;
    /** Of what begins at once, those from inside first: they are what the others answer. */
    private static final Comparator<TraceFlow> ORDER =
            Comparator.comparingLong((TraceFlow flow) -> flow.startNanos).thenComparing(flow -> flow.isReply);

    private final long windowNanos;
    private final long widthNanos;
    private final List<List<TraceFlow>> ring = new ArrayList<>();
    private final Consumer<TraceFlow> next;
    /** The first bucket that was not given on. */
    private long floor = Long.MIN_VALUE;

    private long late;
    private long mostLateNanos;

    /** @param next gets the flows in order */
    ReorderWindow(long windowNanos, Consumer<TraceFlow> next) {
        this.windowNanos = windowNanos;
        this.next = next;
        widthNanos = Math.max(NARROWEST_NANOS, (windowNanos + BUCKETS - 1) / BUCKETS);
        for (int i = 0; i < RING; i++) {
            ring.add(new ArrayList<>());
        }
    }

    /** Takes a flow in, and gives on what the window has left behind. False if it is too late: it was over by then. */
    boolean add(TraceFlow flow) {
        long newest = Math.floorDiv(flow.startNanos - windowNanos, widthNanos);
        if (newest > floor) {
            giveOn(newest);
        }
        if (flow.startNanos < floor * widthNanos) {
            late++;
            mostLateNanos = Math.max(mostLateNanos, floor * widthNanos + windowNanos - flow.startNanos);
            if (flow.endNanos < floor * widthNanos) {
                return false;
            }
            flow.startNanos = floor * widthNanos;
        }
        bucket(flow.startNanos / widthNanos).add(flow);
        return true;
    }

    /** Gives on all that is left. */
    void flush() {
        if (floor > Long.MIN_VALUE) {
            giveOn(floor + RING);
        }
    }

    /** Flows that came later than the window lets. */
    long late() {
        return late;
    }

    /** How wide the window would have had to be so that none had been late, at least; 0 if none was. */
    long mostLateNanos() {
        return mostLateNanos;
    }

    private void giveOn(long newFloor) {
        if (floor > Long.MIN_VALUE) {
            long end = Math.min(newFloor, floor + RING); // further on, all buckets are empty
            for (long number = floor; number < end; number++) {
                List<TraceFlow> bucket = bucket(number);
                if (!bucket.isEmpty()) {
                    bucket.sort(ORDER);
                    bucket.forEach(next);
                    bucket.clear();
                }
            }
        }
        floor = newFloor;
    }

    private List<TraceFlow> bucket(long number) {
        return ring.get((int) Math.floorMod(number, (long) RING));
    }
}
