package dev.cgnat.core.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody outside the NAT holds: whole (address, port) pairs and single slots, each left alone for a while.
 *
 * <p>A pair concerns every unit, those of destinations to come included. A unit therefore learns of it only when a draw
 * lands there: the slot is then reserved in that unit, and noted here to be given back.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1), and 24 bytes per unit that met the pair.
 */
final class SetAsides {
    /** Long enough not to meet the same foreign socket at every draw, short enough to get the port back. */
    static final Duration DURATION = Duration.ofMinutes(1);

    private final ArrayDeque<Entry> byDeadline = new ArrayDeque<>();
    private final Map<Integer, Entry> pairs = new HashMap<>();

    /** Told of each slot that is given back, and of each entry that ends. */
    interface Listener {
        void onSlotReturned(int unit, int slot);

        void onEnded(int pair);
    }

    boolean contains(int pair) {
        return !pairs.isEmpty() && pairs.containsKey(pair);
    }

    /** The pairs that are set aside as a whole. */
    Set<Integer> pairs() {
        return pairs.keySet();
    }

    /**
     * Sets {@code pair} aside for all units, {@code slot} of {@code unit} being one that met it; returns false if it was set
     * aside already, which does not prolong it.
     */
    boolean addPair(int pair, int unit, int slot, long nowNanos) {
        Entry known = pairs.get(pair);
        if (known != null && known.deadlineNanos > nowNanos) {
            known.met.add(new Met(unit, slot));
            return false;
        }
        Entry entry = new Entry(pair, true, nowNanos + DURATION.toNanos());
        entry.met.add(new Met(unit, slot));
        pairs.put(pair, entry);
        byDeadline.add(entry);
        return true;
    }

    /** Sets aside one slot alone, as only one 4-tuple of the pair is taken. */
    void addSlot(int pair, int unit, int slot, long nowNanos) {
        Entry entry = new Entry(pair, false, nowNanos + DURATION.toNanos());
        entry.met.add(new Met(unit, slot));
        byDeadline.add(entry);
    }

    /** A draw of {@code unit} landed on {@code pair}, which is set aside. */
    void met(int pair, int unit, int slot) {
        Entry entry = pairs.get(pair);
        if (entry == null) {
            throw new IllegalStateException("pair: " + pair + " (expected: one that is set aside)");
        }
        entry.met.add(new Met(unit, slot));
    }

    long nextDeadlineNanos() {
        Entry first = byDeadline.peek();
        return first == null ? Long.MAX_VALUE : first.deadlineNanos;
    }

    /** Gives back what is due; returns how many entries ended, at most {@code limit}. */
    int expire(long nowNanos, int limit, Listener listener) {
        int count = 0;
        while (count < limit && nextDeadlineNanos() <= nowNanos) {
            Entry entry = byDeadline.remove();
            if (entry.wholePair) {
                pairs.remove(entry.pair, entry); // unless it was set aside anew since it came due
            }
            listener.onEnded(entry.pair);
            entry.met.forEach(met -> listener.onSlotReturned(met.unit, met.slot));
            count++;
        }
        return count;
    }

    private record Met(int unit, int slot) {}

    private static final class Entry {
        private final int pair;
        private final boolean wholePair;
        private final long deadlineNanos;
        private final List<Met> met = new ArrayList<>(1);

        Entry(int pair, boolean wholePair, long deadlineNanos) {
            this.pair = pair;
            this.wholePair = wholePair;
            this.deadlineNanos = deadlineNanos;
        }
    }
}
