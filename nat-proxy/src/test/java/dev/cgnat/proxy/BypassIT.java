package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.config.AccessConfig;
import dev.cgnat.proxy.testing.Metrics;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Destinations that leave untranslated. */
@ExtendWith(NoLeaks.class)
class BypassIT {
    @Test
    @Tag("rfc6888-req6")
    void bypassedFlowLeavesFromTheHostAndUsesNoPort() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.97", 20_000, 20_000)).bypass("127.0.0.2"))) {
            for (int i = 0; i < 3; i++) {
                SocksClient flow = rig.socks(sink.address());
                assertThat(flow.isGranted()).isTrue();
                assertThat(flow.wire().send("x").read(1)).asString().isEqualTo("x");
                assertThat(flow.bound().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
            }
            assertThat(Metrics.value(rig, "cgn_bypassed_sessions", "listener=\"socks\",", "state=\"established\""))
                    .isEqualTo(3);
            assertThat(Metrics.value(rig, "cgn_sessions", "pool=\"main\"")).isZero();
            assertThat(rig.pool().granted()).isZero();
            rig.closeClients();
            await().atMost(Wire.GUARD).untilAsserted(() -> {
                assertThat(Metrics.value(rig, "cgn_bypassed_sessions")).isZero();
                assertThat(Metrics.value(rig, "cgn_bypassed_sessions_opened_total"))
                        .isEqualTo(3);
            });
        } finally {
            sink.close();
        }
    }

    @Test
    void ipv6DestinationLeavesUntranslated() throws Exception {
        Tools.requireIpv6();
        Sink sink = Sink.start(Sink.echoing(), "::1");
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.98", 20_000, 20_000)).bypass("::/0"))) {
            Wire wire = rig.wire(Proxies.CONNECT)
                    .send("CONNECT [::1]:" + sink.address().getPort() + " HTTP/1.1\r\n\r\n");
            assertThat(wire.readHttpHeader()).startsWith("HTTP/1.1 200 ");
            assertThat(wire.send("x").read(1)).asString().isEqualTo("x");
            assertThat(rig.pool().granted()).isZero();
        } finally {
            sink.close();
        }
    }

    @Test
    void bypassedFlowsThatFailAreToldLikeAnyOther() throws Exception {
        AccessConfig access = new AccessConfig(List.of(), Proxies.prefixes("127.0.0.3"), List.of(), List.of());
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.99", 20_000, 20_000))
                .bypass("127.0.0.0/8")
                .access(access))) {
            ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"));
            closed.close();
            InetSocketAddress nobody = new InetSocketAddress("127.0.0.2", closed.getLocalPort());
            assertThat(rig.socks(nobody).code()).isEqualTo(SocksClient.CONNECTION_REFUSED);
            assertThat(rig.socks(new InetSocketAddress("127.0.0.3", 9)).code()).isEqualTo(SocksClient.NOT_ALLOWED);
            assertThat(Metrics.value(rig, "cgn_bypassed_sessions")).isZero();
        }
    }

    @Test
    void descriptorsOfBypassedFlowsAreCounted() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.100", 20_000, 20_000))
                .bypass("127.0.0.2")
                .maxSessions(2))) {
            assertThat(rig.socks(sink.address()).isGranted()).isTrue();
            SocksClient second = rig.socks(sink.address());
            assertThat(second.isGranted()).isTrue();
            assertThat(rig.socks(sink.address()).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            second.close();
            await().atMost(Wire.GUARD).until(() -> {
                SocksClient again = rig.socks(sink.address());
                return again.isGranted();
            });
        } finally {
            sink.close();
        }
    }
}
