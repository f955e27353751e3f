package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.AdminCounters;
import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Via;
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
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver, the proxy and the sink agree on who was served, through each front end. */
final class LoadThroughProxyTest {
    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(127, 0, 0, 1);
    private static final PortRange PORTS = new PortRange(20_600, 20_609);
    private static final int TRIES = 14;

    private SinkServer sink;
    private NatProxy proxy;
    private Loops loops;
    private InetSocketAddress target;

    @BeforeEach
    void start() throws IOException {
        sink = SinkServer.start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        target = sink.addresses().get(0);
        PoolConfig pool = PoolConfig.defaults("main", List.of(AddressRange.single(poolAddress())))
                .withPorts(PORTS);
        ProxyConfig defaults = ProxyConfig.defaults(NatConfig.of(pool));
        proxy = NatProxy.start(new ProxyConfig(
                defaults.profile(),
                defaults.transport(),
                List.of(
                        listener("socks", ListenerConfig.Type.SOCKS, Optional.empty()),
                        listener("connect", ListenerConfig.Type.HTTP_CONNECT, Optional.empty()),
                        listener(
                                "forward",
                                ListenerConfig.Type.FORWARD,
                                Optional.of(new Target(target.getHostString(), target.getPort())))),
                defaults.nat(),
                defaults.onExhaustion(),
                defaults.windowsEvents(),
                defaults.subscriber(),
                defaults.bypass(),
                defaults.timeouts(),
                defaults.tcp(),
                defaults.maxSessions(),
                defaults.handshakesPerSource(),
                defaults.drainTimeout(),
                defaults.access(),
                new AdminConfig(new Endpoint(LOOPBACK, 0)),
                defaults.metrics(),
                defaults.translationLog()));
        loops = Loops.start("test", 1);
    }

    @AfterEach
    void stop() {
        loops.close();
        proxy.close();
        sink.close();
    }

    @Test
    void socksTellsARefusalWithoutItsReasonAndTheMetricsTellIt() throws Exception {
        AdminCounters counters = new AdminCounters(URI.create("http://" + Endpoints.text(proxy.adminAddress())));
        var before = counters.read();
        LoadCounts counts = run(target, new Via.Socks5(proxy.address("socks")));
        assertThat(counts.refused()).isEqualTo(Map.of("general", (long) refusals()));
        assertThat(Refusals.between(before.refused(), counters.read().refused()))
                .isEqualTo(Map.of("exhausted", (long) refusals()));
    }

    @Test
    void connectTellsTheReason() {
        LoadCounts counts = run(target, new Via.HttpConnect(proxy.address("connect")));
        assertThat(counts.refused()).isEqualTo(Map.of("exhausted", (long) refusals()));
    }

    @Test
    void aForwardResets() {
        LoadCounts counts = run(proxy.address("forward"), new Via.Forward());
        assertThat(counts.refused()).isEqualTo(Map.of("reset", (long) refusals()));
    }

    private LoadCounts run(InetSocketAddress destination, Via via) {
        Sources sources = Sources.of("127.1.0.0/16", 5, new PortRange(1024, 19_999), System.nanoTime());
        try (LoadDriver driver = LoadDriver.start(loops, sources, LoadPlan.holding(destination, via, 200, TRIES))) {
            driver.settled().join();
            LoadResult result = driver.finish();
            LoadCounts counts = result.counts();
            assertThat(result.refusal().getTotalCount()).isEqualTo(counts.refusedTotal());
            assertThat(counts.attempted()).isEqualTo(TRIES);
            assertThat(counts.established()).isEqualTo(granted()).isEqualTo(counts.echoed());
            assertThat(counts.failedTotal() + counts.brokenTotal() + counts.ownTotal())
                    .isZero();
            assertThat(sink.seen())
                    .hasSize((int) granted())
                    .allMatch(sighting -> sighting.peer().address().equals(poolAddress())
                            && PORTS.contains(sighting.peer().port()));
            return counts;
        }
    }

    private long granted() {
        return proxy.snapshot().pool("main").granted();
    }

    /** Ports that foreign sockets keep are refused too. */
    private int refusals() {
        return TRIES
                - PORTS.size()
                + proxy.snapshot().pool("main").pairs(Protocol.TCP).reserved();
    }

    private static IpAddress poolAddress() {
        IpAddress own = IpAddress.ofIpv4(127, 0, 1, 9);
        return Sources.isLocal(own) ? own : LOOPBACK;
    }

    private static ListenerConfig listener(String name, ListenerConfig.Type type, Optional<Target> target) {
        return new ListenerConfig(name, type, new Endpoint(LOOPBACK, 0), target, "main");
    }
}
