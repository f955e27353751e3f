package dev.cgnat.bench;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A proxy with one pool, a sink and clients, all in this process and on loopback. */
final class Laboratory implements AutoCloseable {
    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(127, 0, 0, 1);
    private static final int SUBSCRIBERS = 250;
    private static final String SOURCES = "127.1.0.0/16";
    /** Below what kernels choose from, and below the pool, which on some machines has the same address. */
    private static final PortRange SOURCE_PORTS = new PortRange(1024, 19_999);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final NatProxy proxy;
    private final SinkServer sink;
    private final Loops loops;
    private final Sources sources;
    private final ListenerConfig listener;

    private Laboratory(NatProxy proxy, SinkServer sink, Loops loops, Sources sources, ListenerConfig listener) {
        this.proxy = proxy;
        this.sink = sink;
        this.loops = loops;
        this.sources = sources;
        this.listener = listener;
    }

    /**
     * Starts everything on ports that the kernel chooses.
     *
     * @param base what the proxy is configured with, but for its listeners, which become one SOCKS listener
     * @param pool its pool, in place of those of {@code base}; its addresses become 127.0.0.1 where the machine does not own
     *     them
     * @param targets ports of the sink, 1 or more
     */
    static Laboratory start(ProxyConfig base, PoolConfig pool, int targets) throws IOException {
        Sources sources = Sources.of(SOURCES, SUBSCRIBERS, SOURCE_PORTS, System.nanoTime());
        ListenerConfig listener = new ListenerConfig(
                "socks", ListenerConfig.Type.SOCKS, new Endpoint(LOOPBACK, 0), Optional.empty(), pool.name());
        NatProxy proxy = NatProxy.start(config(base, ownPool(pool), listener));
        try {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            SinkServer sink = SinkServer.start(Collections.nCopies(targets, anyPort));
            return new Laboratory(proxy, sink, Loops.start("client", 1), sources, listener);
        } catch (IOException | RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    /** {@code base} with this pool and this listener alone, and an admin listener on a port that the kernel chooses. */
    static ProxyConfig config(ProxyConfig base, PoolConfig pool, ListenerConfig listener) {
        return new ProxyConfig(
                base.profile(),
                base.transport(),
                List.of(listener),
                new NatConfig(List.of(pool), base.nat().limits()),
                Map.of(pool.name(), base.onExhaustion().values().iterator().next()),
                base.windowsEvents().isEmpty() ? Set.of() : Set.of(pool.name()),
                base.subscriber(),
                base.bypass(),
                base.timeouts(),
                base.tcp(),
                base.maxSessions(),
                base.handshakesPerSource(),
                base.drainTimeout(),
                base.access(),
                new AdminConfig(new Endpoint(LOOPBACK, 0)),
                MetricsConfig.defaults(),
                base.translationLog());
    }

    private static PoolConfig ownPool(PoolConfig pool) {
        boolean owned = pool.addresses().stream()
                .allMatch(range -> Sources.isLocal(range.first()) && Sources.isLocal(range.last()));
        return owned ? pool : pool.withAddresses(AddressRange.single(LOOPBACK));
    }

    /** A port of the sink. */
    InetSocketAddress target(int index) {
        return sink.addresses().get(index);
    }

    Via via() {
        return new Via.Socks5(proxy.address(listener.name()));
    }

    LoadDriver drive(LoadPlan plan) {
        return LoadDriver.start(loops, sources, plan);
    }

    /** The (address, port) pairs as TCP uses them. */
    static PairCounts pairs(PoolSnapshot pool) {
        return pool.pairs(Protocol.TCP);
    }

    PoolSnapshot pool() {
        return proxy.snapshot().pool(listener.pool());
    }

    /** Connections that {@code target} saw from {@code sinceNanos} on, in the order of their beginning. */
    List<Sighting> seen(InetSocketAddress target, long sinceNanos) {
        Endpoint local = Endpoint.from(target);
        return sink.seen().stream()
                .filter(sighting -> sighting.local().equals(local) && sighting.openNanos() >= sinceNanos)
                .toList();
    }

    int subscribers() {
        return sources.size();
    }

    /** What is smaller here than it could be. */
    Optional<String> shrunk() {
        return sources.size() == SUBSCRIBERS
                ? Optional.empty()
                : Optional.of("this machine owns no more of " + SOURCES + " than " + sources.size()
                        + " address(es), so all clients share " + sources.address(0));
    }

    String listening() {
        return "SOCKS " + Endpoints.text(proxy.address(listener.name())) + ", metrics http://"
                + Endpoints.text(proxy.adminAddress()) + "/metrics";
    }

    /**
     * Waits until the pool is as wished.
     *
     * @return whether it became so within the time
     */
    boolean await(Predicate<PoolSnapshot> condition, long timeoutNanos) {
        long end = System.nanoTime() + timeoutNanos;
        while (!condition.test(pool())) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        loops.close();
        proxy.close();
        sink.close();
    }
}
