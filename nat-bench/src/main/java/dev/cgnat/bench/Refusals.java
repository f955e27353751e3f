package dev.cgnat.bench;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Refusals of a pool by the labels of their reasons, those that occurred. */
final class Refusals {
    private Refusals() {}

    static SortedMap<String, Long> of(PoolSnapshot pool) {
        SortedMap<String, Long> counts = new TreeMap<>();
        pool.refused().forEach((reason, count) -> {
            if (count != 0) {
                counts.put(reason.label(), count);
            }
        });
        return counts;
    }

    /** What came between two readings; reasons without any are left out. */
    static SortedMap<String, Long> between(Map<String, Long> before, Map<String, Long> after) {
        SortedMap<String, Long> delta = new TreeMap<>();
        after.forEach((reason, count) -> {
            long more = count - before.getOrDefault(reason, 0L);
            if (more != 0) {
                delta.put(reason, more);
            }
        });
        return delta;
    }
}
