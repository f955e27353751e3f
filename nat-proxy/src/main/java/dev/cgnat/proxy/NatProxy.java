package dev.cgnat.proxy;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.NatCall;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.admin.AdminServer;
import dev.cgnat.proxy.admin.events.Alarms;
import dev.cgnat.proxy.admin.events.EventHub;
import dev.cgnat.proxy.admin.events.EventSampler;
import dev.cgnat.proxy.config.AlarmConfig;
import dev.cgnat.proxy.config.ConfigSource;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.control.Drains;
import dev.cgnat.proxy.control.Reload;
import dev.cgnat.proxy.diagnose.Alarm;
import dev.cgnat.proxy.diagnose.Diagnosis;
import dev.cgnat.proxy.diagnose.Sampler;
import dev.cgnat.proxy.diagnose.Sampling;
import dev.cgnat.proxy.diagnose.SessionAges;
import dev.cgnat.proxy.egress.AddressSwitch;
import dev.cgnat.proxy.egress.AddressWatch;
import dev.cgnat.proxy.egress.Descriptors;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.HostChecks;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.egress.OwnListeners;
import dev.cgnat.proxy.egress.PoolAddresses;
import dev.cgnat.proxy.egress.RefusalText;
import dev.cgnat.proxy.egress.Routes;
import dev.cgnat.proxy.ingress.Handshakes;
import dev.cgnat.proxy.ingress.Ingress;
import dev.cgnat.proxy.ingress.IngressContext;
import dev.cgnat.proxy.log.TranslationLog;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.relay.FlowSettings;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.session.Talkers;
import dev.cgnat.proxy.transport.TcpOptions;
import dev.cgnat.proxy.transport.Transport;
import inet.ipaddr.IPAddress;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy.
 *
 * <pre>
 *   clients ──► Ingress ──► Egress ──► destinations
 *                  │           │
 *                  │        NatGate ── Nat      which port, or why none
 *                  └── relay ──┘
 *   Prometheus ──► AdminServer ──► ProxyMeters
 *   operators  ──► AdminServer ──► ApiRoutes ──► Sessions, NatGate, Reload, Drains
 * </pre>
 *
 * <p>Any thread may call. Costs: one event loop per processor for flows, one for the admin listener; two file descriptors
 * and about 2 KB per flow, and one buffer of up to 256 KiB for each direction in which a reader is slow.
 */
public final class NatProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatProxy.class);

    /** With none at all, a connection accepted just before the end can stay open for ever. */
    private static final long QUIET_MILLIS = 20;

    private static final long CLOSE_MILLIS = 10_000;

    private final LiveConfig live;
    private final EventLoopGroup loops;
    private final NatGate gate;
    private final Descriptors descriptors;
    private final AddressWatch watch;
    private final Egress egress;
    private final Ingress ingress;
    private final AdminServer admin;
    private final ProxyMeters meters;
    private final Sessions sessions;
    private final TranslationLog log;
    private final Sampler sampler;
    private final Reload reload;
    private final Opener opener;
    private final ScheduledExecutorService control =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("natproxy-control", true));

    /** Opens one listener, and says where it listens. */
    private interface Opener {
        Endpoint open(ListenerConfig listener) throws IOException;
    }

    /** Makes the gate; the last argument runs what falls due. */
    private interface Gates {
        NatGate make(NatConfig config, RefusalText words, Consumer<NatEvent> events, ScheduledExecutorService timer);
    }

    private NatProxy(
            ProxyConfig config,
            Optional<ConfigSource> source,
            Transport transport,
            Gates gates,
            Consumer<NatEvent> events,
            Sampling sampling)
            throws IOException {
        live = new LiveConfig(config);
        EventHub hub = new EventHub();
        Talkers talkers = new Talkers(System::nanoTime);
        sessions = new Sessions(watchers(hub, talkers));
        log = new TranslationLog(config);
        loops = transport.newEventLoops(Runtime.getRuntime().availableProcessors(), "natproxy");
        SessionAges ages = new SessionAges(sampling.interval().toNanos());
        gate = gates.make(
                config.nat(),
                new RefusalText(config.windowsEvents()),
                events.andThen(hub::onNatEvent).andThen(ages).andThen(log::onEvent),
                loops.next());
        meters = new ProxyMeters(config, transport.label(), gate::snapshot);
        log.start(gate::nowNanos, () -> live.get().nat().limits(), meters::logDropped);
        meters.watch(loops);
        List<PoolConfig> pools = config.nat().pools();
        Alarms alarms = new Alarms(hub);
        sampler = new Sampler(pools, config.metrics(), gate, meters, ages, sampling, alarm -> {
            alarms.accept(alarm);
            note(alarm);
        });
        meters.forecastBy(sampler::secondsToExhaustion);
        descriptors = Descriptors.ofProcess(config.maxSessions());
        AddressSwitch addressSwitch = new AddressSwitch(gate);
        watch = new AddressWatch(addressSwitch, pools);
        TcpOptions tcpOptions = TcpOptions.of(config.tcp(), transport);
        egress = new Egress(
                gate,
                watch,
                transport,
                descriptors,
                meters,
                sessions,
                config.timeouts().connect(),
                tcpOptions,
                log::admits);
        meters.drainingBy(egress::isDraining);
        AddressResolverGroup<InetSocketAddress> resolver =
                Names.resolver(transport, config.bypass().stream().anyMatch(IPAddress::isIPv6));
        OwnListeners own = new OwnListeners();
        Routes routes = new Routes(live, own);
        ingress = new Ingress(loops, transport, tcpOptions, resolver);
        Handshakes handshakes = new Handshakes(config.handshakesPerSource());
        opener = listener -> {
            FlowSettings flowSettings = new FlowSettings(
                    live.get().timeouts(), meters.listener(listener.name()), meters.pool(listener.pool()));
            ingress.listen(new IngressContext(
                    live,
                    listener,
                    gate,
                    egress,
                    routes,
                    descriptors,
                    resolver,
                    flowSettings,
                    ingress.clients(),
                    handshakes));
            Endpoint bound = Endpoint.from(ingress.address(listener.name()));
            own.add(listener, bound);
            return bound;
        };
        reload = new Reload(live, gate, egress, addressSwitch, watch, descriptors, handshakes, sampler);
        List<Endpoint> listening = new ArrayList<>();
        try {
            for (ListenerConfig listener : config.listeners()) {
                listening.add(opener.open(listener));
            }
            Drains drains = new Drains(egress, addressSwitch, sessions, control);
            ApiGroups groups = new ApiGroups(
                    live,
                    source,
                    gate,
                    sessions,
                    egress,
                    descriptors,
                    meters,
                    addressSwitch,
                    sampler,
                    reload,
                    drains,
                    hub,
                    alarms,
                    talkers,
                    watch,
                    log,
                    listener -> Endpoint.from(ingress.address(listener)),
                    transport.label());
            admin = AdminServer.start(config.admin(), config.metrics(), meters, groups::readiness, groups.all());
            listening.add(Endpoint.from(admin.address()));
            admin.metricsAddress().ifPresent(bound -> listening.add(Endpoint.from(bound)));
            reload.reserve(listening);
            watch.start();
            new EventSampler(gate, meters, sessions, talkers, hub).start(control);
            control.scheduleWithFixedDelay(log::watch, 1, 1, TimeUnit.SECONDS);
            sampler.start(loops.next());
        } catch (IOException | RuntimeException e) {
            control.shutdownNow();
            ingress.close();
            closeBehind();
            throw e;
        }
    }

    /**
     * Checks that every pool address can be bound, binds every listener of {@code config}, and serves.
     *
     * @throws StartException if an address, a port or the transport is not to be had; nothing is left open
     */
    public static NatProxy start(ProxyConfig config) throws StartException {
        return start(config, Optional.empty(), NatGate::new, event -> {}, Sampling.defaults());
    }

    /** As {@link #start(ProxyConfig)} for what {@code source} says now, and may say otherwise when it is reloaded. */
    static NatProxy start(ProxyConfig config, ConfigSource source) throws StartException {
        return start(config, Optional.of(source), NatGate::new, event -> {}, Sampling.defaults());
    }

    /**
     * As {@link #start(ProxyConfig)}.
     *
     * @param events hears what the NAT does, in the order of its decisions, by whichever thread decides; must return at once,
     *     must not throw, and must not call the proxy
     */
    public static NatProxy start(ProxyConfig config, Consumer<NatEvent> events) throws StartException {
        return start(config, Optional.empty(), NatGate::new, events, Sampling.defaults());
    }

    /**
     * As {@link #start(ProxyConfig, Consumer)}, for tests and for comparisons with virtual time alone: {@code seed} draws the
     * ports, so whoever knows it foretells them, which RFC 6888 REQ-15 forbids where others' traffic flows. A
     * {@link dev.cgnat.core.Nat} with {@code config.nat()}, {@link dev.cgnat.core.random.KeyedRandom#seeded} and the calls that
     * were told decides the same again.
     *
     * @param calls hears each call of the NAT that may change it, on the same terms as {@code events}
     */
    public static NatProxy rehearse(ProxyConfig config, long seed, Consumer<NatCall> calls, Consumer<NatEvent> events)
            throws StartException {
        return start(
                config,
                Optional.empty(),
                (nat, words, listener, timer) -> NatGate.rehearsed(nat, words, listener, timer, seed, calls),
                events,
                Sampling.defaults());
    }

    /** As {@link #start(ProxyConfig, Consumer)}, looking at the pools as often as {@code sampling} says. */
    static NatProxy start(ProxyConfig config, Consumer<NatEvent> events, Sampling sampling) throws StartException {
        return start(config, Optional.empty(), NatGate::new, events, sampling);
    }

    private static NatProxy start(
            ProxyConfig config,
            Optional<ConfigSource> source,
            Gates gates,
            Consumer<NatEvent> events,
            Sampling sampling)
            throws StartException {
        try {
            for (PoolConfig pool : config.nat().pools()) {
                PoolAddresses.requireBindable(pool);
            }
            HostChecks.ofThisHost().warnings(config.nat().pools()).forEach(LOG::warn);
            return new NatProxy(config, source, transport(config), gates, events, sampling);
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** For measurements with sessions that have no sockets. */
    NatGate gate() {
        return gate;
    }

    /** For measurements with sessions that have no sockets. */
    Sessions sessions() {
        return sessions;
    }

    /** For measurements with sessions that have no sockets. */
    EventLoop loop() {
        return loops.next();
    }

    private static Sessions.Watcher watchers(EventHub hub, Talkers talkers) {
        return new Sessions.Watcher() {
            @Override
            public void opened(Session session) {
                hub.opened(session);
            }

            @Override
            public void closed(Session session, CloseCause cause) {
                talkers.closed(session, cause);
                hub.closed(session, cause);
            }
        };
    }

    private static Transport transport(ProxyConfig config) throws StartException {
        try {
            return Transport.of(config.transport());
        } catch (IllegalStateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Opens one more listener while it runs; what {@link ProxyConfig} says of listeners holds for it too.
     *
     * @return where it listens
     * @throws StartException if its address and port are not to be had
     */
    public synchronized InetSocketAddress listen(ListenerConfig listener) throws StartException {
        ProxyConfig more = live.get().withListener(listener);
        meters.add(listener);
        try {
            Endpoint bound = opener.open(listener);
            live.set(more);
            reload.reserve(List.of(bound));
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
        return address(listener.name());
    }

    /** The configuration that is in force. */
    public ProxyConfig config() {
        return live.get();
    }

    /** Where the listener of that name listens; {@link IllegalArgumentException} if there is none. */
    public InetSocketAddress address(String listener) {
        return ingress.address(listener);
    }

    /** Where the admin listener listens. */
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Where the listener for {@code /metrics} alone listens; empty if none is configured. */
    public Optional<InetSocketAddress> metricsAddress() {
        return admin.metricsAddress();
    }

    /** Flows that can live at a time, by {@code limits.sessions} or by the limit of file descriptors. */
    public int sessionLimit() {
        return descriptors.sessionLimit();
    }

    /** What the NAT holds and has done. Costs O(pools). */
    public NatSnapshot snapshot() {
        return gate.snapshot();
    }

    /** What ails each pool, by what was seen of it in the last quarter of an hour. */
    public List<Diagnosis> diagnose() {
        return sampler.diagnose();
    }

    /**
     * Takes no new flows; completes when the last has ended, or has been reset after the drain timeout. The admin listener
     * goes on, and tells that the proxy is not ready.
     */
    public CompletableFuture<Void> drain() {
        egress.end();
        return ingress.drain(live.get().drainTimeout());
    }

    /** Resets what is left, and gives everything back. Returns when that is done. */
    @Override
    public void close() {
        egress.end();
        control.shutdownNow();
        ingress.close();
        admin.close();
        closeBehind();
    }

    /** Ends what flows and listeners needed. */
    private void closeBehind() {
        watch.close();
        sampler.close();
        meters.close();
        loops.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
        log.close();
    }

    /** RFC 8158 tells once that a pool is nearly full, and once that it is no longer. */
    private void note(Alarm alarm) {
        AlarmConfig limits = live.get().metrics().alarm(alarm.pool());
        switch (alarm.state()) {
            case RAISED -> log.onThreshold(alarm.pool(), true, limits.raise());
            case CLEARED -> log.onThreshold(alarm.pool(), false, limits.clear());
            case STILL_RAISED -> {}
        }
    }
}
