package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.AccessConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may use the listeners: {@code acl.allow-sources}. */
@ExtendWith(NoLeaks.class)
class AccessIT {
    private static final Endpoint EVERYWHERE = new Endpoint(IpAddress.ofIpv4(0, 0, 0, 0), 0);
    private static final String OPEN = "open";

    @Test
    void sourceOutsideIsResetAndCountedWhileThoseInsideAreServed() throws Exception {
        try (Rig rig = Rig.start(
                Proxies.with(pool("127.0.10.84", 20_000, 20_099)).allowSources("127.20.2.0/24", "127.20.4.4"))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            // Java does not bind 127.20.2.255 where there is no IPv6.
            for (String allowed : new String[] {"127.20.2.0", "127.20.2.254", "127.20.4.4"}) {
                assertThat(rig.socksFrom(allowed, sink.address()).isGranted())
                        .as(allowed)
                        .isTrue();
            }
            assertThat(rig.rejections(Proxies.SOCKS, "acl")).isZero();

            String[] outside = {"127.20.3.1", "127.20.1.254", "127.20.4.5", "127.0.0.1"};
            for (String other : outside) {
                assertThat(Wire.endOf(other, rig.proxy().address(Proxies.SOCKS)))
                        .as(other)
                        .isEqualTo(Wire.End.RESET);
            }
            assertThat(Wire.endOf("127.20.3.1", rig.proxy().address(Proxies.CONNECT)))
                    .isEqualTo(Wire.End.RESET);
            await().atMost(Wire.GUARD).until(() -> rig.rejections(Proxies.SOCKS, "acl") == outside.length);
            assertThat(rig.rejections(Proxies.CONNECT, "acl")).isEqualTo(1);
            assertThat(rig.pool().sessions()).isEqualTo(3);

            assertThat(rig.socksFrom("127.20.2.7", sink.address()).isGranted()).isTrue();
        }
    }

    @Test
    void listenerForEverybodyIsRefusedUnlessItSaysWhoMayUseIt() {
        Proxies open = Proxies.with(pool("127.0.10.85", 20_000, 20_099)).listener(everywhere());
        assertThatThrownBy(open::config)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "bind: 0.0.0.0:0 (expected: a loopback address, or users-file or acl.allow-sources that says who may use it)");
    }

    @Test
    void listenerForEverybodyServesThoseThatItNamesAlone() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.85", 20_000, 20_099))
                .listener(everywhere())
                .access(new AccessConfig(
                        Proxies.prefixes("127.20.2.0/24"), List.of(), Proxies.prefixes("127.0.0.0/8"), List.of())))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            int port = rig.proxy().address(OPEN).getPort();
            InetSocketAddress listener = new InetSocketAddress("127.0.0.3", port);
            assertThat(rig.keep(SocksClient.connectFrom("127.20.2.1", listener, sink.address()))
                            .isGranted())
                    .isTrue();
            assertThat(Wire.endOf("127.20.3.1", listener)).isEqualTo(Wire.End.RESET);
            await().atMost(Wire.GUARD).until(() -> rig.rejections(OPEN, "acl") == 1);
        }
    }

    @Test
    void listenerOnTheIpv4WildcardIsOfIpv4Alone() throws Exception {
        Tools.requireIpv6();
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.85", 20_000, 20_099))
                .listener(everywhere())
                .allowSources("::1"))) {
            int port = rig.proxy().address(OPEN).getPort();
            assertThatThrownBy(() -> new Socket(Proxies.address("::1").toInetAddress(), port))
                    .isInstanceOf(ConnectException.class);
        }
    }

    private static ListenerConfig everywhere() {
        return new ListenerConfig(OPEN, ListenerConfig.Type.SOCKS, EVERYWHERE, Optional.empty(), "main");
    }
}
