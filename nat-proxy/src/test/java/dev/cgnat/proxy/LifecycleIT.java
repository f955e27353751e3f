package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A proxy's beginning and end. */
@ExtendWith(NoLeaks.class)
class LifecycleIT {
    private static final PoolConfig POOL = pool("127.0.10.110", 20_000, 20_099);

    @Test
    void drainLetsFlowsEndAndTakesNoNewOnes() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(POOL).drainTimeout(Duration.ofMinutes(1)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Wire flow = rig.socks(sink.address()).wire();
            Wire late = rig.wire(Proxies.SOCKS);
            SocksClient.greet(late);
            flow.send("x").read(1);
            Wire lateHttp = rig.wire(Proxies.CONNECT).send("CONNECT 127.0.0.2:80 ");
            // The kernel resets whom the proxy has not accepted when a listener closes.
            await("the proxy to accept it").atMost(Wire.GUARD).until(() -> isAccepted(lateHttp));
            InetSocketAddress listener = rig.proxy().address(Proxies.SOCKS);

            CompletableFuture<Void> drained = rig.proxy().drain();
            assertThatThrownBy(() -> Wire.to(listener)).isInstanceOf(ConnectException.class);
            late.send(SocksClient.request(sink.address()));
            assertThat(SocksClient.readReply(late).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(lateHttp.send("HTTP/1.1\r\n\r\n").readHttpHeader())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("draining");
            late.close();
            lateHttp.close();
            assertThat(flow.send("goes on").read(7)).asString().isEqualTo("goes on");
            assertThat(drained).isNotDone();

            flow.close();
            drained.get(Wire.GUARD.toSeconds(), TimeUnit.SECONDS);
            assertThat(rig.pool().sessions()).isZero();
        }
    }

    @Test
    void drainTimeoutResetsWhatIsLeft() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(POOL).drainTimeout(Duration.ofMillis(300)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Wire flow = rig.socks(sink.address()).wire();
            CompletableFuture<Void> drained = rig.proxy().drain();
            assertThat(flow.readEnd()).isEqualTo(Wire.End.RESET);
            drained.get(Wire.GUARD.toSeconds(), TimeUnit.SECONDS);
            await().atMost(Wire.GUARD)
                    .until(() -> sink.connections().stream().anyMatch(seen -> seen.end() == Sink.End.RESET));
        }
    }

    @Test
    void closeResetsFlowsAndLeavesNothing() throws Exception {
        try (Rig first = Rig.start(Proxies.with(POOL))) { // loads classes, which keep descriptors
            first.warmUp(first.sink(Sink.echoing(), "127.0.0.2").address());
        }
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        long before = Rig.openDescriptors();
        NatProxy proxy = NatProxy.start(Proxies.with(POOL).config());
        Wire flow = SocksClient.connect(proxy.address(Proxies.SOCKS), sink.address())
                .wire();
        flow.send("x").read(1);

        proxy.close();
        proxy.close();
        assertThat(flow.readEnd()).isEqualTo(Wire.End.RESET);
        flow.close();
        assertThat(proxy.snapshot().pools().get(0).sessions()).isZero();
        await("threads end").atMost(Wire.GUARD).until(() -> threads().isEmpty());
        await("descriptors are given back").atMost(Wire.GUARD).until(() -> Rig.openDescriptors() <= before);
        sink.close();
    }

    @Test
    void closeOfAnIdleProxyWhileClientsConnectIsHarmless() throws Exception {
        NatProxy proxy = NatProxy.start(Proxies.with(POOL).config());
        Wire idle = Wire.to(proxy.address(Proxies.CONNECT));
        proxy.drain();
        proxy.close();
        idle.readEnd();
        idle.close();
    }

    @Test
    void takenPortIsToldWithListenerAndAddress() throws Exception {
        await().atMost(Wire.GUARD).until(() -> threads().isEmpty());
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint taken = Endpoint.from((InetSocketAddress) other.getLocalSocketAddress());
            ListenerConfig listener =
                    new ListenerConfig("second", ListenerConfig.Type.SOCKS, taken, Optional.empty(), POOL.name());
            assertThatThrownBy(() ->
                            NatProxy.start(Proxies.with(POOL).listener(listener).config()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("second")
                    .hasMessageContaining(taken.toString());
        }
        await("what was open is closed")
                .atMost(Wire.GUARD)
                .until(() -> threads().isEmpty());
    }

    @Test
    void poolAddressOfAnotherHostIsToldWithTheRemedy() {
        PoolConfig elsewhere = pool("192.0.2.1", 20_000, 20_099);
        assertThatThrownBy(() -> NatProxy.start(Proxies.with(elsewhere).config()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("192.0.2.1")
                .hasMessageContaining("ip addr add");
    }

    /** Whether a program has the other end: a connection that waits to be accepted has no inode. */
    private static boolean isAccepted(Wire client) throws IOException {
        String other = endpoint((InetSocketAddress) client.socket().getRemoteSocketAddress());
        String own = endpoint(client.local());
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/tcp"))) {
            return sockets.map(line -> line.strip().split(" +", -1))
                    .anyMatch(fields -> fields[1].equals(other) && fields[2].equals(own) && !fields[9].equals("0"));
        }
    }

    /** As /proc has those of 127.0.0.1. */
    private static String endpoint(InetSocketAddress address) {
        return String.format(Locale.ROOT, "0100007F:%04X", address.getPort());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("natproxy"))
                .toList();
    }
}
