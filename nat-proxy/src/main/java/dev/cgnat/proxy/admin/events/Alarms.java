package dev.cgnat.proxy.admin.events;

import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.diagnose.Alarm;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Which pools are told to run full, for those who ask and those who listen. Any thread may call. */
public final class Alarms implements Consumer<Alarm> {
    private final EventHub hub;
    private final Set<String> raised = ConcurrentHashMap.newKeySet();

    public Alarms(EventHub hub) {
        this.hub = hub;
    }

    @Override
    public void accept(Alarm alarm) {
        if (alarm.state() == Alarm.State.CLEARED) {
            raised.remove(alarm.pool());
        } else {
            raised.add(alarm.pool());
        }
        String kind = alarm.state().name().toLowerCase(Locale.ROOT);
        hub.publish(EventType.ALARM, () -> Map.of("kind", kind, "pool", alarm.pool(), "pressure", alarm.pressure()));
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
}
