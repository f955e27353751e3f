package dev.cgnat.proxy;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.admin.DiagnoseApi;
import dev.cgnat.proxy.admin.Readiness;
import dev.cgnat.proxy.admin.api.ConfigApi;
import dev.cgnat.proxy.admin.api.DrainApi;
import dev.cgnat.proxy.admin.api.EventsApi;
import dev.cgnat.proxy.admin.api.LookupApi;
import dev.cgnat.proxy.admin.api.PoolsApi;
import dev.cgnat.proxy.admin.api.SessionsApi;
import dev.cgnat.proxy.admin.api.StatusApi;
import dev.cgnat.proxy.admin.api.SubscribersApi;
import dev.cgnat.proxy.admin.api.TopApi;
import dev.cgnat.proxy.admin.events.Alarms;
import dev.cgnat.proxy.admin.events.EventHub;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.config.ConfigSource;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.control.Drains;
import dev.cgnat.proxy.control.Reload;
import dev.cgnat.proxy.diagnose.Sampler;
import dev.cgnat.proxy.egress.AddressSwitch;
import dev.cgnat.proxy.egress.AddressWatch;
import dev.cgnat.proxy.egress.Descriptors;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.log.PastHolders;
import dev.cgnat.proxy.log.TranslationLog;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.session.Talkers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the groups of the admin API are made of: the parts of a running proxy that operators see or change.
 *
 * @param source what reloading reads; empty if there is nothing to read again
 * @param listening where the listener of that name listens
 */
record ApiGroups(
        LiveConfig live,
        Optional<ConfigSource> source,
        NatGate gate,
        Sessions sessions,
        Egress egress,
        Descriptors descriptors,
        ProxyMeters meters,
        AddressSwitch addressSwitch,
        Sampler sampler,
        Reload reload,
        Drains drains,
        EventHub hub,
        Alarms alarms,
        Talkers talkers,
        AddressWatch watch,
        TranslationLog log,
        Function<String, Endpoint> listening,
        String transport) {
    /** To be made once. */
    List<ApiRoutes.Group> all() {
        ConfigApi configs = new ConfigApi(live, source, reload, meters.reloads(), hub);
        return List.of(
                new StatusApi(
                        gate,
                        sessions,
                        egress,
                        descriptors,
                        live,
                        alarms,
                        configs,
                        this::readiness,
                        listening,
                        transport),
                new PoolsApi(gate, live, meters, addressSwitch, alarms),
                new SessionsApi(sessions, drains, gate),
                new SubscribersApi(gate, live),
                new TopApi(gate, sessions, talkers),
                new LookupApi(gate, sessions, drains, PastHolders.of(Optional.of(live.get()), List.of())),
                new EventsApi(hub),
                configs,
                new DrainApi(drains, gate, hub),
                new DiagnoseApi(live, gate::explain, gate::nowNanos, sampler::diagnose));
    }

    /** Whether new flows can be served. */
    Readiness readiness() {
        return Readiness.of(
                egress.isDraining()
                        ? Readiness.Check.failed("drain", "draining: no new flows")
                        : Readiness.Check.passed("drain"),
                watch.poolWithoutAddress()
                        .map(pool ->
                                Readiness.Check.failed("addresses", "pool " + pool + " has lost all its addresses"))
                        .orElse(Readiness.Check.passed("addresses")),
                log.admits()
                        ? Readiness.Check.passed("translation-log")
                        : Readiness.Check.failed(
                                "translation-log", log.failure().orElse("its queue is full") + ": no new flows"));
    }
}
