package dev.cgnat.core.pool;

import dev.cgnat.core.port.UnitKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts slots that are lent again while segments of their last flow may still be on their way (RFC 6888 REQ-8, RFC 9293
 * section 3.4.3).
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1), and about 120 bytes per slot that was left within the last segment
 * lifetime; nothing if that is 0.
 */
final class ReuseWatch {
    private final long lifetimeNanos;
    /** When each slot was left, in that order. */
    private final Map<Slot, Long> left = new LinkedHashMap<>();

    private long unsafe;

    ReuseWatch(long lifetimeNanos) {
        this.lifetimeNanos = lifetimeNanos;
    }

    /** Slots lent too soon so far. */
    long unsafe() {
        return unsafe;
    }

    boolean isOn() {
        return lifetimeNanos > 0;
    }

    void closed(UnitKey unit, int slot, long nowNanos) {
        left.remove(new Slot(unit, slot)); // so that it goes to the end
        left.put(new Slot(unit, slot), nowNanos);
        Iterator<Long> times = left.values().iterator();
        while (times.hasNext() && times.next() <= nowNanos - lifetimeNanos) {
            times.remove();
        }
    }

    void opened(UnitKey unit, int slot, long nowNanos) {
        Long at = left.remove(new Slot(unit, slot));
        if (at != null && nowNanos - at < lifetimeNanos) {
            unsafe++;
        }
    }

    private record Slot(UnitKey unit, int slot) {}
}
