package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.proxy.config.AccessConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.testing.Metrics;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where flows may go: {@code acl.deny-destinations}, {@code acl.allow-ports} and what is denied by default. */
@ExtendWith(NoLeaks.class)
class DestinationAccessIT {
    private static final Endpoint EVERYWHERE = new Endpoint(IpAddress.ofIpv4(0, 0, 0, 0), 0);

    @Test
    void deniedDestinationIsToldInEachProtocolsWordsAndCounted() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2", "127.0.0.3");
        AccessConfig access = new AccessConfig(
                List.of(), Proxies.prefixes("127.0.0.3"), List.of(), List.of(new PortRange(1024, 65_535)));
        try (Rig rig = Rig.start(
                Proxies.with(pool("127.0.10.90", 20_000, 20_099))
                        .access(access)
                        .forwardTo(sink.addresses().get(1)),
                sink)) {
            assertThat(rig.socks(sink.addresses().get(0)).isGranted()).isTrue();
            assertThat(rig.socks(sink.addresses().get(1)).code()).isEqualTo(SocksClient.NOT_ALLOWED);
            String target = "127.0.0.3:" + sink.addresses().get(1).getPort();
            assertThat(rig.wire(Proxies.CONNECT)
                            .send("CONNECT " + target + " HTTP/1.1\r\n\r\n")
                            .readHttpHeader())
                    .startsWith("HTTP/1.1 403 ")
                    .contains("destination_ip_prohibited");
            assertThat(rig.wire(Proxies.CONNECT)
                            .send("CONNECT 127.0.0.2:22 HTTP/1.1\r\n\r\n")
                            .readHttpHeader())
                    .startsWith("HTTP/1.1 403 ");
            assertThat(Wire.endOf("127.0.0.1", rig.proxy().address(Proxies.FORWARD)))
                    .isEqualTo(Wire.End.RESET);
            rig.closeClients();
            rig.awaitNoFlow();
            assertThat(Metrics.value(rig, "cgn_port_allocation_failures_total", "reason=\"denied\""))
                    .isEqualTo(4);
            assertThat(Metrics.value(rig, "cgn_sessions_opened_total", "listener=\"connect\",", "result=\"denied\""))
                    .isEqualTo(2);
            assertThat(rig.pool().granted()).isOne();
            assertThat(sink.connections()).hasSize(1);
        }
    }

    /** A name is judged by the address that is dialled for it. */
    @Test
    void nameOfADeniedAddressIsDenied() throws Exception {
        AccessConfig access = new AccessConfig(List.of(), Proxies.prefixes("127.0.0.1"), List.of(), List.of());
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.91", 20_000, 20_099)).access(access))) {
            assertThat(SocksClient.ask(rig.wire(Proxies.SOCKS), SocksClient.requestOfName("localhost", 9000))
                            .code())
                    .isEqualTo(SocksClient.NOT_ALLOWED);
        }
    }

    @Test
    void loopbackIsDeniedByDefaultWhileAListenerIsReachableButNotToForwards() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        ListenerConfig open =
                new ListenerConfig("open", ListenerConfig.Type.SOCKS, EVERYWHERE, Optional.empty(), "main");
        try (Rig rig = Rig.start(
                Proxies.with(pool("127.0.10.92", 20_000, 20_099))
                        .listener(open)
                        .allowSources("127.0.0.0/8")
                        .forwardTo(sink.address()),
                sink)) {
            assertThat(rig.socks(sink.address()).code()).isEqualTo(SocksClient.NOT_ALLOWED);
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            mapped[12] = 127;
            mapped[15] = 2;
            byte[] request = SocksClient.request(1, 4, mapped, sink.address().getPort());
            assertThat(SocksClient.ask(rig.wire(Proxies.SOCKS), request).code()).isEqualTo(SocksClient.NOT_ALLOWED);
            assertThat(rig.wire(Proxies.FORWARD).send("x").read(1)).asString().isEqualTo("x");
        }
    }
}
