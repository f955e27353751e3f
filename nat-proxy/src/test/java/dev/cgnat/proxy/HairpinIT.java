package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.ProxyHeader;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Destinations that are endpoints of this NAT itself (RFC 4787 REQ-9, RFC 5382 REQ-8). */
@ExtendWith(NoLeaks.class)
class HairpinIT {
    private static final String ADDRESS = "127.0.10.95";
    private static final PoolConfig POOL = pool(ADDRESS, ADDRESS, 20_000, 20_099);

    @Test
    @Tag("conformance-c26")
    @Tag("rfc4787-req9")
    @Tag("rfc5382-req8")
    void forwardOnAPoolAddressIsReachedInOneFlowFromTheClientsExternalAddress() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        try (Rig rig = Rig.start(Proxies.with(POOL).listener(forward("in", 20_080, sink.address())), sink)) {
            SocksClient flow = rig.socks(new InetSocketAddress(ADDRESS, 20_080));
            assertThat(flow.isGranted()).isTrue();
            assertThat(flow.wire().send("x").read(1)).asString().isEqualTo("x");
            assertThat(rig.pool().sessions()).isOne();
            assertThat(sink.connections()).hasSize(1).allSatisfy(connection -> {
                assertThat(connection.peer()).isEqualTo(flow.bound());
                assertThat(connection.peer().getAddress().getHostAddress()).isEqualTo(ADDRESS);
            });
        }
    }

    @Test
    void targetThatWantsAProxyHeaderIsToldTheExternalEndpoint() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        ListenerConfig forward = forward("in", 20_080, sink.address()).withSendProxyProtocol(ProxyHeader.V1);
        try (Rig rig = Rig.start(Proxies.with(POOL).listener(forward), sink)) {
            SocksClient flow = rig.socks(new InetSocketAddress(ADDRESS, 20_080));
            String header = "PROXY TCP4 %1$s %1$s %2$d 20080\r\n"
                    .formatted(ADDRESS, flow.bound().getPort());
            assertThat(flow.wire().read(header.length())).asString().isEqualTo(header);
        }
    }

    @Test
    void forwardsThatLeadToForwardsArePassedInOneFlow() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        try (Rig rig = Rig.start(
                Proxies.with(POOL)
                        .listener(forward("first", 20_080, new InetSocketAddress(ADDRESS, 20_081)))
                        .listener(forward("second", 20_081, sink.address())),
                sink)) {
            assertThat(rig.wire("first").send("x").read(1)).asString().isEqualTo("x");
            assertThat(rig.pool().sessions()).isOne();
        }
    }

    /** A name may come to mean another address while the proxy runs; this one always meant the forward itself. */
    @Test
    void forwardsThatLeadInACircleAreRefused() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(POOL)
                .listener(forward("first", 20_080, new InetSocketAddress(ADDRESS, 20_081)))
                .listener(forward("second", 20_081, new InetSocketAddress(ADDRESS, 20_080))))) {
            assertThat(Wire.endOf("127.0.0.1", rig.proxy().address("first"))).isEqualTo(Wire.End.RESET);
            assertThat(rig.socks(new InetSocketAddress(ADDRESS, 20_080)).code()).isEqualTo(SocksClient.NOT_ALLOWED);
            assertThat(rig.pool().granted()).isZero();
        }
    }

    @Test
    @Tag("conformance-c28")
    void portThatThePoolLendsIsRefused() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(POOL))) {
            for (int port : new int[] {20_000, 20_050, 20_099}) {
                assertThat(rig.socks(new InetSocketAddress(ADDRESS, port)).code())
                        .isEqualTo(SocksClient.NOT_ALLOWED);
                assertThat(rig.wire(Proxies.CONNECT)
                                .send("CONNECT " + ADDRESS + ":" + port + " HTTP/1.1\r\n\r\n")
                                .readHttpHeader())
                        .startsWith("HTTP/1.1 403 ");
            }
            assertThat(rig.pool().granted()).isZero();
            assertThat(rig.socks(new InetSocketAddress(ADDRESS, 20_100)).code())
                    .isEqualTo(SocksClient.CONNECTION_REFUSED);
        }
    }

    @Test
    void listenersOfOurOwnAreRefused() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        try (Rig rig = Rig.start(Proxies.with(POOL).forwardTo(sink.address()), sink)) {
            for (String listener : new String[] {Proxies.SOCKS, Proxies.CONNECT, Proxies.FORWARD}) {
                assertThat(rig.socks(rig.proxy().address(listener)).code())
                        .as(listener)
                        .isEqualTo(SocksClient.NOT_ALLOWED);
            }
            assertThat(rig.pool().granted()).isZero();
        }
    }

    private static ListenerConfig forward(String name, int port, InetSocketAddress target) {
        return new ListenerConfig(
                name,
                ListenerConfig.Type.FORWARD,
                new Endpoint(Proxies.address(ADDRESS), port),
                Optional.of(new Target(target.getAddress().getHostAddress(), target.getPort())),
                "main");
    }
}
