package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.BlackHole;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Destinations that are not to be had: each failure told as it is, no port lost. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class DestinationIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final TransportKind transport;

    DestinationIT(TransportKind transport) {
        this.transport = transport;
        Tools.require(transport);
    }

    @Test
    @Tag("conformance-e09")
    @Tag("conformance-e17")
    void refusedConnectionIsToldAsRefused() throws Exception {
        try (Rig rig = start(Duration.ofSeconds(10))) {
            InetSocketAddress closed = closedPort();
            SocksClient refused = rig.socks(closed);
            assertThat(refused.code()).isEqualTo(SocksClient.CONNECTION_REFUSED);
            assertThat(refused.wire().readEnd()).isEqualTo(Wire.End.FIN);
            assertThat(connectAnswer(rig, "127.0.0.2", closed.getPort()))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("connection_refused");
            requireConnectFailed(rig, 2);
        }
    }

    @Test
    @Tag("conformance-e09")
    @Tag("conformance-e17")
    void silentDestinationIsToldAsTimeout() throws Exception {
        try (Rig rig = start(Duration.ofMillis(300));
                BlackHole hole = new BlackHole()) {
            assertThat(rig.socks(hole.address()).code()).isEqualTo(SocksClient.HOST_UNREACHABLE);
            assertThat(connectAnswer(rig, "127.0.0.2", hole.address().getPort()))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("connection_timeout");
            requireConnectFailed(rig, 2);
        }
    }

    @Test
    @Tag("conformance-b07")
    void clientThatLeavesWhileConnectingGivesItsPortBack() throws Exception {
        try (Rig rig = start(LONG);
                BlackHole hole = new BlackHole()) {
            for (String listener : new String[] {Proxies.SOCKS, Proxies.CONNECT}) {
                Wire wire = rig.wire(listener);
                if (listener.equals(Proxies.SOCKS)) {
                    SocksClient.greet(wire);
                    wire.send(SocksClient.request(hole.address()));
                } else {
                    wire.send(connectRequest("127.0.0.2", hole.address().getPort()));
                }
                await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() == 1);
                wire.close();
                rig.awaitNoFlow();
            }
            requireConnectFailed(rig, 2);
        }
    }

    @Test
    void portOfAFailedConnectRestsAsConfigured() throws Exception {
        PoolConfig pool = pool("127.0.10.61", 20_000, 20_000)
                .withHoldDown(new HoldDownConfig(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, LONG));
        try (Rig rig = Rig.start(Proxies.with(pool).transport(transport))) {
            InetSocketAddress closed = closedPort();
            assertThat(rig.socks(closed).code()).isEqualTo(SocksClient.CONNECTION_REFUSED);
            await().atMost(Wire.GUARD).until(() -> rig.pairs().held() == 1);
            assertThat(rig.socks(closed).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
        }
    }

    @Test
    void unresolvableNameHoldsUpNobodyElse() throws Exception {
        try (Rig rig = start(LONG)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.1");
            List<Wire> lost = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Wire wire = rig.wire(Proxies.SOCKS);
                SocksClient.greet(wire);
                lost.add(wire.send(SocksClient.requestOfName("no-such-host-" + i + ".invalid", 80)));
            }
            Wire http = rig.wire(Proxies.CONNECT).send(connectRequest("no-such-host.invalid", 80));

            SocksClient found = SocksClient.ask(
                    rig.wire(Proxies.SOCKS),
                    SocksClient.requestOfName("localhost", sink.address().getPort()));
            assertThat(found.isGranted()).isTrue();
            assertThat(found.wire().send("x").read(1)).asString().isEqualTo("x");

            for (Wire wire : lost) {
                assertThat(SocksClient.readReply(wire).code()).isEqualTo(SocksClient.HOST_UNREACHABLE);
            }
            assertThat(http.readHttpHeader()).startsWith("HTTP/1.1 502 ").contains("dns_error");
            assertThat(rig.pool().granted()).isOne();
        }
    }

    @Test
    void destinationOfAnotherFamilyIsToldAsSuch() throws Exception {
        try (Rig rig = start(LONG)) {
            byte[] loopback = new byte[16];
            loopback[15] = 1;
            byte[] request = SocksClient.request(1, 4, loopback, 80);
            assertThat(SocksClient.ask(rig.wire(Proxies.SOCKS), request).code())
                    .isEqualTo(SocksClient.ADDRESS_TYPE_NOT_SUPPORTED);
            assertThat(connectAnswer(rig, "[::1]", 80)).startsWith("HTTP/1.1 502 ");
            assertThat(rig.pool().granted()).isZero();
        }
    }

    private Rig start(Duration connect) throws StartException {
        return Rig.start(Proxies.with(pool("127.0.10.60", 20_000, 20_099))
                .transport(transport)
                .timeouts(new TimeoutConfig(connect, LONG, LONG, LONG, LONG)));
    }

    private static void requireConnectFailed(Rig rig, long times) {
        rig.awaitNoFlow();
        assertThat(rig.pool().closed()).containsEntry(CloseCause.CONNECT_FAILED, times);
        assertThat(rig.pairs().free()).isEqualTo(rig.pairs().capacity());
    }

    private static String connectAnswer(Rig rig, String host, int port) throws IOException {
        return rig.wire(Proxies.CONNECT).send(connectRequest(host, port)).readHttpHeader();
    }

    private static String connectRequest(String host, int port) {
        return "CONNECT " + host + ":" + port + " HTTP/1.1\r\n\r\n";
    }

    /** A port on which somebody listened until now. */
    private static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }
    }
}
