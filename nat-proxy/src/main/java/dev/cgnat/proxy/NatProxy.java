package dev.cgnat.proxy;

import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.admin.AdminServer;
import dev.cgnat.proxy.admin.DiagnoseApi;
import dev.cgnat.proxy.admin.Readiness;
import dev.cgnat.proxy.config.AlarmConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.diagnose.Alarm;
import dev.cgnat.proxy.diagnose.Diagnosis;
import dev.cgnat.proxy.diagnose.Sampler;
import dev.cgnat.proxy.diagnose.Sampling;
import dev.cgnat.proxy.diagnose.SessionAges;
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
import dev.cgnat.proxy.transport.TcpOptions;
import dev.cgnat.proxy.transport.Transport;
import inet.ipaddr.IPAddress;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

    private final ProxyConfig config;
    private final EventLoopGroup loops;
    private final NatGate gate;
    private final Descriptors descriptors;
    private final AddressWatch watch;
    private final Egress egress;
    private final Ingress ingress;
    private final AdminServer admin;
    private final ProxyMeters meters;
    private final TranslationLog log;
    private final Sampler sampler;

    private NatProxy(ProxyConfig config, Transport transport, Consumer<NatEvent> events, Sampling sampling)
            throws IOException {
        this.config = config;
        log = new TranslationLog(config);
        loops = transport.newEventLoops(Runtime.getRuntime().availableProcessors(), "natproxy");
        SessionAges ages = new SessionAges(sampling.interval().toNanos());
        gate = new NatGate(
                config.nat(),
                new RefusalText(config.windowsEvents()),
                events.andThen(ages).andThen(log::onEvent),
                loops.next());
        meters = new ProxyMeters(config, transport.label(), gate::snapshot);
        log.start(gate::nowNanos, meters::logDropped);
        meters.watch(loops);
        List<PoolConfig> pools = config.nat().pools();
        sampler = new Sampler(pools, config.metrics(), gate, meters, ages, sampling, this::note);
        meters.forecastBy(sampler::secondsToExhaustion);
        descriptors = Descriptors.ofProcess(config.maxSessions());
        watch = new AddressWatch(gate, pools);
        TcpOptions tcpOptions = TcpOptions.of(config.tcp(), transport);
        egress = new Egress(
                gate, watch, transport, descriptors, meters, config.timeouts().connect(), tcpOptions, log::admits);
        meters.drainingBy(egress::isDraining);
        AddressResolverGroup<InetSocketAddress> resolver =
                Names.resolver(transport, config.bypass().stream().anyMatch(IPAddress::isIPv6));
        OwnListeners own = new OwnListeners();
        Routes routes = new Routes(config, own);
        ingress = new Ingress(loops, transport, tcpOptions, resolver);
        Handshakes handshakes = new Handshakes(config.handshakesPerSource());
        try {
            for (ListenerConfig listener : config.listeners()) {
                FlowSettings flowSettings = new FlowSettings(
                        config.timeouts(), meters.listener(listener.name()), meters.pool(listener.pool()));
                ingress.listen(new IngressContext(
                        config,
                        listener,
                        gate,
                        egress,
                        routes,
                        descriptors,
                        resolver,
                        flowSettings,
                        ingress.clients(),
                        handshakes));
                Endpoint listening = Endpoint.from(ingress.address(listener.name()));
                own.add(listener, listening);
                PoolAddresses.reserve(gate, pools, listening);
            }
            DiagnoseApi diagnose = new DiagnoseApi(config, gate::explain, gate::nowNanos, sampler::diagnose);
            admin = AdminServer.start(config.admin(), config.metrics(), meters, this::readiness, Optional.of(diagnose));
            PoolAddresses.reserve(gate, pools, Endpoint.from(admin.address()));
            admin.metricsAddress().ifPresent(bound -> PoolAddresses.reserve(gate, pools, Endpoint.from(bound)));
            watch.start();
            if (config.translationLog().isOn()) {
                loops.next().scheduleAtFixedRate(log::watch, 1, 1, TimeUnit.SECONDS);
            }
            sampler.start(loops.next());
        } catch (IOException | RuntimeException e) {
            ingress.close();
            watch.close();
            sampler.close();
            meters.close();
            shutDownLoops();
            log.close();
            throw e;
        }
    }

    /**
     * Checks that every pool address can be bound, binds every listener of {@code config}, and serves.
     *
     * @throws StartException if an address, a port or the transport is not to be had; nothing is left open
     */
    public static NatProxy start(ProxyConfig config) throws StartException {
        return start(config, event -> {});
    }

    /** As {@link #start(ProxyConfig)}; {@code events} hears what the NAT does, as {@link NatGate} tells it. */
    static NatProxy start(ProxyConfig config, Consumer<NatEvent> events) throws StartException {
        return start(config, events, Sampling.defaults());
    }

    /** As {@link #start(ProxyConfig, Consumer)}, looking at the pools as often as {@code sampling} says. */
    static NatProxy start(ProxyConfig config, Consumer<NatEvent> events, Sampling sampling) throws StartException {
        try {
            for (PoolConfig pool : config.nat().pools()) {
                PoolAddresses.requireBindable(pool);
            }
            HostChecks.ofThisHost().warnings(config.nat().pools()).forEach(LOG::warn);
            return new NatProxy(config, transport(config), events, sampling);
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Transport transport(ProxyConfig config) throws StartException {
        try {
            return Transport.of(config.transport());
        } catch (IllegalStateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The configuration that it runs with. */
    public ProxyConfig config() {
        return config;
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
        egress.drain();
        return ingress.drain(config.drainTimeout());
    }

    /** Resets what is left, and gives everything back. Returns when that is done. */
    @Override
    public void close() {
        egress.drain();
        ingress.close();
        admin.close();
        watch.close();
        sampler.close();
        meters.close();
        shutDownLoops();
        log.close();
    }

    private void shutDownLoops() {
        loops.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }

    /** RFC 8158 tells once that a pool is nearly full, and once that it is no longer. */
    private void note(Alarm alarm) {
        AlarmConfig limits = config.metrics().alarm(alarm.pool());
        switch (alarm.state()) {
            case RAISED -> log.onThreshold(alarm.pool(), true, limits.raise());
            case CLEARED -> log.onThreshold(alarm.pool(), false, limits.clear());
            case STILL_RAISED -> {}
        }
    }

    private Readiness readiness() {
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
