package dev.cgnat.proxy.admin.events;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.proxy.metrics.ProxyMeters;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a pool has refused and released so far, by the words of the metrics. */
public final class PoolWords {
    private PoolWords() {}

    /** By every reason, those of the shell too. */
    public static Map<String, Long> refused(PoolSnapshot pool, ProxyMeters meters) {
        Map<String, Long> counts = new LinkedHashMap<>();
        pool.refused().forEach((reason, count) -> counts.put(reason.label(), count));
        meters.pool(pool.config().name()).refused().forEach((reason, count) -> counts.put(reason.label(), count));
        return counts;
    }

    /** By every cause. */
    public static Map<String, Long> released(PoolSnapshot pool) {
        Map<String, Long> counts = new LinkedHashMap<>();
        pool.closed().forEach((cause, count) -> counts.put(cause.label(), count));
        return counts;
    }
}
