package dev.cgnat.core.port;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The resting slots of a pool, in the order in which their rest ends.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: every operation O(1); 24 bytes per held slot, its owner included, in
 * arrays that double and halve. Deadlines round up to a tick of 1 ms. <b>RFC</b>: 6888 REQ-8.
 *
 * @param <O> whoever a held slot still counts for
 */
/*
 * Slots that rest equally long end their rest in the order in which they began it, so one FIFO ring for each distinct
 * delay replaces a timer per slot. Entry number n of a ring stands at n mod capacity; numbers only grow and may wrap.
 *
 * A refusal names the earliest end of rest within one unit. The entries of a unit in one ring are therefore chained, first
 * to last, through next[]; as a ring only loses its oldest entry, which is the first of its unit's chain, a chain is
 * kept with no removal from the middle. A unit keeps three numbers for each ring: first entry, last entry, length.
 */
public final class HoldDown<O> {
    private static final long TICK_NANOS = 1_000_000;

    private final long[] delays;
    private final Ring[] rings;

    /** @param delaysNanos the delays that {@link #hold} may be given, each more than 0, in any order, repeats allowed */
    public HoldDown(long... delaysNanos) {
        delays = Arrays.stream(delaysNanos).distinct().sorted().toArray();
        rings = new Ring[delays.length];
        Arrays.setAll(rings, i -> new Ring());
    }

    /** Told of each slot whose rest has ended, once it is free. */
    @FunctionalInterface
    public interface Listener<O> {
        void onRested(PortUnit unit, int slot, O owner);
    }

    /** Number of resting slots. */
    public int size() {
        int sum = 0;
        for (Ring ring : rings) {
            sum += ring.size();
        }
        return sum;
    }

    /**
     * Lays a live slot of {@code unit} to rest for {@code delayNanos}, one of the delays of the constructor; returns when
     * it will be free.
     */
    public long hold(PortUnit unit, int slot, O owner, long delayNanos, long nowNanos) {
        int index = Arrays.binarySearch(delays, delayNanos);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "delayNanos: " + delayNanos + " (expected: one of " + Arrays.toString(delays) + ")");
        }
        long deadline = Math.floorDiv(nowNanos + delayNanos + TICK_NANOS - 1, TICK_NANOS) * TICK_NANOS;
        int entry = rings[index].add(unit, slot, owner, deadline);
        appendToChain(unit, index, entry);
        unit.hold();
        return deadline;
    }

    /**
     * Frees the slots whose rest has ended by {@code nowNanos}, at most {@code limit}, and hands them over; returns how
     * many. The listener may call back.
     */
    public int expire(long nowNanos, int limit, Listener<O> listener) {
        int count = 0;
        for (int index = 0; index < rings.length; index++) {
            Ring ring = rings[index];
            while (count < limit && ring.size() > 0 && ring.firstDeadline() <= nowNanos) {
                int at = ring.position(ring.first);
                PortUnit unit = ring.unit(at);
                int slot = ring.slots[at];
                @SuppressWarnings("unchecked") // only hold(…, O owner, …) writes here
                O owner = (O) ring.owner(at);
                unit.chains[3 * index] = ring.next[at];
                unit.chains[3 * index + 2]--;
                ring.removeFirst();
                count++;
                unit.releaseHeld(slot);
                listener.onRested(unit, slot, owner);
            }
        }
        return count;
    }

    /** When the next rest ends, {@link Long#MAX_VALUE} if nothing rests. */
    public long nextDeadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (Ring ring : rings) {
            if (ring.size() > 0) {
                earliest = Math.min(earliest, ring.firstDeadline());
            }
        }
        return earliest;
    }

    /** When the next rest within {@code unit} ends, {@link Long#MAX_VALUE} if nothing rests there. */
    public long nextDeadlineNanos(PortUnit unit) {
        long earliest = Long.MAX_VALUE;
        for (int index = 0; 3 * index < unit.chains.length; index++) {
            if (unit.chains[3 * index + 2] > 0) {
                Ring ring = rings[index];
                earliest = Math.min(earliest, ring.deadlines[ring.position(unit.chains[3 * index])]);
            }
        }
        return earliest;
    }

    private void appendToChain(PortUnit unit, int index, int entry) {
        if (unit.chains.length == 0) {
            unit.chains = new int[3 * rings.length];
        }
        int[] chains = unit.chains;
        if (chains[3 * index + 2]++ == 0) {
            chains[3 * index] = entry;
        } else {
            Ring ring = rings[index];
            ring.next[ring.position(chains[3 * index + 1])] = entry;
        }
        chains[3 * index + 1] = entry;
    }

    private static final class Ring {
        private static final int MIN_CAPACITY = 64;

        private @Nullable PortUnit[] units = new @Nullable PortUnit[MIN_CAPACITY];
        private @Nullable Object[] owners = new @Nullable Object[MIN_CAPACITY];
        private int[] slots = new int[MIN_CAPACITY];
        private int[] next = new int[MIN_CAPACITY];
        private long[] deadlines = new long[MIN_CAPACITY];
        private int first;
        private int end;

        int size() {
            return end - first;
        }

        int position(int entry) {
            return entry & (deadlines.length - 1);
        }

        long firstDeadline() {
            return deadlines[position(first)];
        }

        PortUnit unit(int at) {
            PortUnit unit = units[at];
            if (unit == null) {
                throw new IllegalStateException("at: " + at + " (expected: a resting slot)");
            }
            return unit;
        }

        Object owner(int at) {
            Object owner = owners[at];
            if (owner == null) {
                throw new IllegalStateException("at: " + at + " (expected: a resting slot)");
            }
            return owner;
        }

        int add(PortUnit unit, int slot, Object owner, long deadline) {
            if (size() == deadlines.length) {
                resize(2 * deadlines.length);
            }
            int at = position(end);
            units[at] = unit;
            owners[at] = owner;
            slots[at] = slot;
            deadlines[at] = deadline;
            return end++;
        }

        void removeFirst() {
            int at = position(first++);
            units[at] = null;
            owners[at] = null;
            if (deadlines.length > MIN_CAPACITY && size() < deadlines.length / 4) {
                resize(deadlines.length / 2);
            }
        }

        private void resize(int capacity) {
            @Nullable PortUnit[] newUnits = new @Nullable PortUnit[capacity];
            @Nullable Object[] newOwners = new @Nullable Object[capacity];
            int[] newSlots = new int[capacity];
            int[] newNext = new int[capacity];
            long[] newDeadlines = new long[capacity];
            for (int entry = first; entry != end; entry++) {
                int from = position(entry);
                int to = entry & (capacity - 1);
                newUnits[to] = units[from];
                newOwners[to] = owners[from];
                newSlots[to] = slots[from];
                newNext[to] = next[from];
                newDeadlines[to] = deadlines[from];
            }
            units = newUnits;
            owners = newOwners;
            slots = newSlots;
            next = newNext;
            deadlines = newDeadlines;
        }
    }
}
