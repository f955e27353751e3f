package dev.cgnat.proxy.admin.events;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.ConnectTimes;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.session.Talkers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the proxy once a second, and tells what it sees. <b>Costs</b>: a snapshot a second; every 5 s a look at all sessions. */
public final class EventSampler {
    private static final int SWEEP_EVERY = 5;
    /** Seconds over which the times of connections are taken. */
    private static final int CONNECT_WINDOW = 10;

    private static final Logger LOG = LoggerFactory.getLogger(EventSampler.class);

    private final NatGate gate;
    private final ProxyMeters meters;
    private final Sessions sessions;
    private final Talkers talkers;
    private final EventHub hub;
    private final Deque<ConnectTimes> connects = new ArrayDeque<>();
    private int turn;

    public EventSampler(NatGate gate, ProxyMeters meters, Sessions sessions, Talkers talkers, EventHub hub) {
        this.gate = gate;
        this.meters = meters;
        this.sessions = sessions;
        this.talkers = talkers;
        this.hub = hub;
    }

    /** Looks from now on, on {@code timer}. */
    public void start(ScheduledExecutorService timer) {
        timer.scheduleAtFixedRate(this::lookSafely, 1, 1, TimeUnit.SECONDS);
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("no sample", e); // else there would be no other
        }
    }

    private void look() {
        NatSnapshot snapshot = gate.snapshot();
        if (++turn % SWEEP_EVERY == 0) {
            talkers.sweep(sessions);
        }
        Map<String, Object> sample = sample(snapshot);
        hub.publish(EventType.SAMPLE, () -> sample);
    }

    private Map<String, Object> sample(NatSnapshot snapshot) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("sessions", sessions.size());
        keys.put("subscribers", snapshot.subscribers());
        List<Map<String, Object>> pools = new ArrayList<>();
        snapshot.pools().forEach(pool -> pools.add(sample(pool)));
        keys.put("pools", pools);
        keys.put("opened", meters.opened());
        ConnectTimes now = meters.connectTimes();
        connects.addLast(now);
        if (connects.size() > CONNECT_WINDOW + 1) {
            connects.removeFirst();
        }
        ConnectTimes recent = now.since(connects.getFirst());
        if (recent.count() > 0) {
            keys.put(
                    "connect",
                    Map.of(
                            "count", recent.count(),
                            "p50", recent.quantileSeconds(0.5),
                            "p95", recent.quantileSeconds(0.95),
                            "p99", recent.quantileSeconds(0.99)));
        }
        keys.put("bytesOut", meters.bytesOut());
        keys.put("bytesIn", meters.bytesIn());
        return keys;
    }

    private Map<String, Object> sample(PoolSnapshot pool) {
        PairCounts pairs = pool.pairs(Protocol.TCP);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", pool.config().name());
        keys.put(
                "ports",
                Map.of(
                        "inUse", pairs.inUse(),
                        "held", pairs.held(),
                        "reserved", pairs.reserved(),
                        "free", pairs.free()));
        keys.put("utilization", Alarms.utilization(pool));
        keys.put("sessions", pool.sessions());
        keys.put("waiting", pool.waiting());
        keys.put("granted", pool.granted());
        keys.put("refused", PoolWords.refused(pool, meters));
        keys.put("released", PoolWords.released(pool));
        keys.put("maxDestinationUtilization", pool.maxDestinationUtilization());
        return keys;
    }
}
