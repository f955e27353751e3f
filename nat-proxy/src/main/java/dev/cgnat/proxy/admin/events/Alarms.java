package dev.cgnat.proxy.admin.events;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.config.AlarmConfig;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when a pool runs full, and when it does no longer. <b>Ownership</b>: one thread looks, any may ask. */
public final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final Supplier<Map<String, AlarmConfig>> configs;
    private final EventHub hub;
    private final Set<String> raised = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> lastNanos = new HashMap<>();

    /** @param configs by name of pool, asked at each look */
    public Alarms(Supplier<Map<String, AlarmConfig>> configs, EventHub hub) {
        this.configs = configs;
        this.hub = hub;
    }

    /** Whether {@code pool} is told to run full. */
    public boolean isRaised(String pool) {
        return raised.contains(pool);
    }

    /** (in use + held + reserved) ÷ all ports, 0 to 1. */
    public static double utilization(PoolSnapshot pool) {
        PairCounts pairs = pool.pairs(Protocol.TCP);
        return (double) (pairs.capacity() - pairs.free()) / pairs.capacity();
    }

    /** Looks at every pool. */
    void look(NatSnapshot snapshot, long nowNanos) {
        Map<String, AlarmConfig> now = configs.get();
        for (PoolSnapshot pool : snapshot.pools()) {
            look(pool, now.getOrDefault(pool.config().name(), AlarmConfig.defaults()), nowNanos);
        }
    }

    private void look(PoolSnapshot pool, AlarmConfig alarm, long nowNanos) {
        String name = pool.config().name();
        double utilization = utilization(pool);
        Long last = lastNanos.get(name);
        boolean isQuiet = last == null || nowNanos - last >= alarm.interval().toNanos();
        if (!raised.contains(name) && utilization >= alarm.raise() && isQuiet) {
            raised.add(name);
            lastNanos.put(name, nowNanos);
            LOG.warn("pool {}: {} % of the ports are in use, held or reserved", name, percent(utilization));
            tell("raised", name, utilization, alarm.raise());
        } else if (raised.contains(name) && utilization < alarm.clear()) {
            raised.remove(name);
            LOG.info("pool {}: {} % of the ports are in use, held or reserved again", name, percent(utilization));
            tell("cleared", name, utilization, alarm.clear());
        }
    }

    private void tell(String kind, String pool, double utilization, double threshold) {
        hub.publish(
                EventType.ALARM,
                () -> Map.of("kind", kind, "pool", pool, "utilization", utilization, "threshold", threshold));
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f", 100 * ratio);
    }
}
