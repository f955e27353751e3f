package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * The resting slots of a port space, in the order in which their rest ends. A resting slot stays used in the space.
 *
 * <p>One to a space. Slots are freed in the order of their deadlines, of equal deadlines those of one ring in the order in which they
 * began; which ring goes first then depends on the calls so far alone. <b>Ownership</b>: one thread. <b>Costs</b>: O(log r)
 * with r dense units in which something rests; 8 to 12 bytes per held slot, its owner included. Deadlines round up to a tick
 * of 1 ms. <b>RFC</b>: 6888 REQ-8.
 */
/*
 * Slots that rest equally long end their rest in the order in which they began it, so FIFO rings replace a timer per slot:
 * one for each delay and dense unit, and one for each delay that all sparse units share. The rings that are not empty stand in
 * a queue by the deadlines of their heads.
 *
 * A refusal names the earliest end of rest within one unit. Only a dense unit refuses, as the space promotes what it finds
 * full, so that is the earliest head of its own rings, and of what it had laid to rest before, see UnitRests.
 *
 * The bits of slots that have rested left the near caches long ago. So some slots are taken out of their rings at a time, and their
 * bits read at once; then one after the other is freed.
 */
public final class HoldDown {
    private static final long TICK_NANOS = 1_000_000;
    private static final int SHARED = -1;
    /** Slots that are freed together. */
    private static final int TOGETHER = 16;

    private final PortSpace space;
    private final long[] delays;
    private final RestRing[] shared;
    private final PriorityQueue<RestRing> byHead = new PriorityQueue<>();
    private int rings;
    private int size;
    /** What is being freed. */
    private final int[] units = new int[TOGETHER];

    private final int[] slots = new int[TOGETHER];
    private final int[] owners = new int[TOGETHER];
    private final boolean[] isOfOwnRing = new boolean[TOGETHER];
    /** The sum of what was read ahead. */
    @SuppressWarnings("UnusedVariable") // else the compiler would leave out the reading
    private long read;

    /** @param delaysNanos the delays that {@link #hold} may be given, each more than 0, in any order, repeats allowed */
    public HoldDown(PortSpace space, long... delaysNanos) {
        this.space = space;
        delays = Arrays.stream(delaysNanos).distinct().sorted().toArray();
        shared = new RestRing[delays.length];
        Arrays.setAll(shared, i -> new RestRing(SHARED, null, rings++));
    }

    /** Told of each slot whose rest has ended, once it is free. */
    @FunctionalInterface
    public interface Listener {
        /** May call back, but free nothing that rests; whether the unit is to be forgotten is the listener's affair. */
        void onRested(int unit, int slot, int owner);
    }

    /** When a rest until {@code nanos} ends: at the next whole tick. */
    public static long roundUp(long nanos) {
        return tick(nanos) * TICK_NANOS;
    }

    private static long tick(long nanos) {
        return Math.floorDiv(nanos + TICK_NANOS - 1, TICK_NANOS);
    }

    /** Number of resting slots. */
    public int size() {
        return size;
    }

    /**
     * Lays a used slot of {@code unit} to rest for {@code delayNanos}, one of the delays of the constructor; returns when
     * it will be free.
     *
     * @param owner a number of the caller, for the listener
     * @param nowNanos not before that of an earlier call
     */
    public long hold(int unit, int slot, int owner, long delayNanos, long nowNanos) {
        int delay = numberOf(delayNanos);
        long tick = tick(nowNanos + delayNanos);
        DenseUnit dense = space.dense(unit);
        RestRing ring = shared[delay];
        if (dense != null) {
            UnitRests rests = rests(dense);
            rests.resting++;
            ring = ownRing(dense, rests, unit, delay);
        }
        ring.add(unit, slot, owner, tick);
        size++;
        if (ring.size() == 1) {
            byHead.add(ring);
        }
        return tick * TICK_NANOS;
    }

    /**
     * Frees the slots whose rest has ended by {@code nowNanos}, at most {@code limit}, and hands them over; returns how
     * many.
     */
    public int expire(long nowNanos, int limit, Listener listener) {
        int count = 0;
        int taken = take(nowNanos, limit);
        while (taken > 0) {
            for (int i = 0; i < taken; i++) {
                free(i, listener);
            }
            count += taken;
            taken = take(nowNanos, limit - count);
        }
        return count;
    }

    /** Frees the slot whose rest ends first, although that may be in the future; false if nothing rests. */
    public boolean expireFirst(Listener listener) {
        if (byHead.isEmpty()) {
            return false;
        }
        takeFirst(0);
        free(0, listener);
        return true;
    }

    /** Takes the next slots whose rest has ended by {@code nowNanos} out of their rings, to be freed; returns how many. */
    private int take(long nowNanos, int limit) {
        int most = Math.min(limit, TOGETHER);
        int taken = 0;
        while (taken < most && nextDeadlineNanos() <= nowNanos) {
            takeFirst(taken++);
        }
        return taken;
    }

    private void takeFirst(int i) {
        RestRing ring = Objects.requireNonNull(byHead.peek());
        int slot = ring.headSlot();
        units[i] = ring.headUnit();
        slots[i] = slot;
        owners[i] = ring.headOwner();
        isOfOwnRing[i] = ring.unit != SHARED;
        read += ring.tree == null ? 0 : ring.tree.word(slot);
        if (ring.size() > 1 && ring.isNextAtOnce()) {
            ring.removeFirst(); // which leaves its place in the queue
        } else {
            byHead.poll();
            ring.removeFirst();
            if (ring.size() > 0) {
                byHead.add(ring);
            }
        }
        size--;
    }

    private void free(int i, Listener listener) {
        int unit = units[i];
        int slot = slots[i];
        DenseUnit dense = space.dense(unit);
        if (isOfOwnRing[i] && dense != null && dense.rests != null) {
            dense.rests.resting--;
        }
        space.release(unit, slot);
        listener.onRested(unit, slot, owners[i]);
    }

    /** When the next rest ends, {@link Long#MAX_VALUE} if nothing rests. */
    public long nextDeadlineNanos() {
        RestRing ring = byHead.peek();
        return ring == null ? Long.MAX_VALUE : ring.headTick() * TICK_NANOS;
    }

    /**
     * When the next rest within {@code unit} ends, {@link Long#MAX_VALUE} if nothing rests there. Cost: O(1) on average in
     * a unit in which a draw has found nothing; else a look at every slot that rests in a sparse unit.
     */
    public long nextDeadlineNanos(int unit) {
        DenseUnit dense = space.dense(unit);
        UnitRests rests = dense == null ? new UnitRests(shared) : rests(dense);
        long earliest = Long.MAX_VALUE;
        for (int delay = 0; delay < delays.length; delay++) {
            RestRing own = rests.own[delay];
            if (own != null && own.size() > 0) {
                earliest = Math.min(earliest, own.headTick());
            }
            earliest = Math.min(earliest, shared[delay].findFrom(rests.shared[delay], unit, rests.sharedBefore[delay]));
        }
        return earliest == Long.MAX_VALUE ? earliest : earliest * TICK_NANOS;
    }

    /** Heap taken, in bytes, without the rings of dense units that are empty. Cost: a step per 1,024 resting slots. */
    public long bytes() {
        long sum = 64 + 8L * byHead.size();
        for (RestRing ring : shared) {
            sum += ring.bytes();
        }
        for (RestRing ring : byHead) {
            sum += ring.unit == SHARED ? 0 : ring.bytes();
        }
        return sum;
    }

    private int numberOf(long delayNanos) {
        for (int delay = 0; delay < delays.length; delay++) { // there are five at most
            if (delays[delay] == delayNanos) {
                return delay;
            }
        }
        throw new IllegalArgumentException(
                "delayNanos: " + delayNanos + " (expected: one of " + Arrays.toString(delays) + ")");
    }

    private UnitRests rests(DenseUnit dense) {
        UnitRests rests = dense.rests;
        if (rests == null) {
            rests = new UnitRests(shared);
            dense.rests = rests;
        }
        return rests;
    }

    private RestRing ownRing(DenseUnit dense, UnitRests rests, int unit, int delay) {
        RestRing ring = rests.own[delay];
        if (ring == null) {
            ring = new RestRing(unit, dense.tree, rings++);
            rests.own[delay] = ring;
        }
        return ring;
    }
}
