package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.admin.Readiness;
import dev.cgnat.proxy.admin.events.Alarms;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.config.Leaves;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.egress.Descriptors;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.BuildInfo;
import dev.cgnat.proxy.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code /version} and {@code /status}: the proxy at a glance. <b>Costs</b>: O(pools + listeners), however many sessions live. */
public final class StatusApi implements ApiRoutes.Group {
    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final NatGate gate;
    private final Sessions sessions;
    private final Egress egress;
    private final Descriptors descriptors;
    private final LiveConfig config;
    private final Alarms alarms;
    private final ConfigApi configs;
    private final Supplier<Readiness> readiness;
    private final Function<String, Endpoint> bound;
    private final String transport;

    /**
     * @param bound where the listener of a name listens
     * @param transport what the data plane runs on
     */
    public StatusApi(
            NatGate gate,
            Sessions sessions,
            Egress egress,
            Descriptors descriptors,
            LiveConfig config,
            Alarms alarms,
            ConfigApi configs,
            Supplier<Readiness> readiness,
            Function<String, Endpoint> bound,
            String transport) {
        this.gate = gate;
        this.sessions = sessions;
        this.egress = egress;
        this.descriptors = descriptors;
        this.config = config;
        this.alarms = alarms;
        this.configs = configs;
        this.readiness = readiness;
        this.bound = bound;
        this.transport = transport;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/version", call -> Answer.ok(version())).get("/status", call -> Answer.ok(status()));
    }

    private Map<String, Object> version() {
        BuildInfo build = BuildInfo.current();
        return PoolsApi.ordered(
                "version", build.version(),
                "revision", build.revision(),
                "java", build.java(),
                "transport", transport);
    }

    private Map<String, Object> status() {
        NatSnapshot snapshot = gate.snapshot();
        Readiness ready = readiness.get();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("status", ready.passes() ? "ready" : "unready");
        keys.put("checks", ready.checks());
        keys.put("version", BuildInfo.current().version());
        keys.put("startedAt", startedAt.toString());
        keys.put("uptimeSeconds", Duration.between(startedAt, now).toMillis() / 1e3);
        keys.put("now", now.toString());
        keys.put("transport", transport);
        keys.put("draining", egress.isDraining());
        keys.put("readOnly", config.get().admin().readOnly());
        keys.put("sessions", sessions.size());
        keys.put("sessionLimit", descriptors.sessionLimit());
        keys.put("subscribers", snapshot.subscribers());
        keys.put(
                "listeners",
                config.get().listeners().stream().map(this::listener).toList());
        List<Map<String, Object>> pools = snapshot.pools().stream()
                .map(pool -> PoolsApi.ordered(
                        "name", pool.config().name(),
                        "utilization", Alarms.utilization(pool),
                        "alarm", alarms.isRaised(pool.config().name())))
                .toList();
        keys.put("pools", pools);
        keys.put("config", configs.summary());
        return keys;
    }

    private Map<String, Object> listener(ListenerConfig listener) {
        return PoolsApi.ordered(
                "name", listener.name(),
                "type", Leaves.word(listener.type()),
                "bind", bound.apply(listener.name()).toString(),
                "pool", listener.pool());
    }
}
