package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.proxy.config.AccessConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.ProxyHeader;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import inet.ipaddr.IPAddressString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The PROXY protocol with HAProxy on both ends, and curl. */
@ExtendWith(NoLeaks.class)
class ProxyProtocolIT {
    private static final String HAPROXY_ADDRESS = "127.0.62.1";
    private static final String SOCKS = "headed-socks";
    private static final String FORWARD = "headed-forward";
    private static final String UNTRUSTING = "untrusting";
    private static final Duration HANDSHAKE = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private final int[] ports = freePorts(2);
    private final int senderPort = ports[0];
    private final int receiverPort = ports[1];
    private Sink sink;
    private Rig rig;
    private Process haproxy;

    @BeforeEach
    void start() throws Exception {
        Path binary = Tools.require("haproxy");
        sink = Sink.start(Sink.echoing(), "127.0.62.2");
        Target receiver = new Target(HAPROXY_ADDRESS, receiverPort);
        rig = Rig.start(
                Proxies.with(pool("127.0.62.3", 20_000, 20_099))
                        .access(new AccessConfig(List.of(), List.of(), Proxies.prefixes("127.0.62.2"), List.of()))
                        .limits(LimitConfig.defaults().withSessionsPerSubscriber(1))
                        .subscriber(new SubscriberConfig(Identity.PROXY_HEADER, 32, 64))
                        .listener(trusting(SOCKS, ListenerConfig.Type.SOCKS, Optional.empty(), "127.0.0.0/8"))
                        .listener(trusting(FORWARD, ListenerConfig.Type.FORWARD, Optional.of(receiver), "127.0.0.0/8"))
                        .listener(trusting(UNTRUSTING, ListenerConfig.Type.SOCKS, Optional.empty(), "192.0.2.0/24"))
                        .listener(listener("v1", ListenerConfig.Type.FORWARD, Optional.of(receiver))
                                .withSendProxyProtocol(ProxyHeader.V1))
                        .listener(listener("v2", ListenerConfig.Type.FORWARD, Optional.of(receiver))
                                .withSendProxyProtocol(ProxyHeader.V2))
                        .listener(trusting("both", ListenerConfig.Type.FORWARD, Optional.of(receiver), "127.0.0.0/8")
                                .withSendProxyProtocol(ProxyHeader.V2)),
                sink);
        Path config = Files.writeString(
                folder.resolve("haproxy.cfg"), """
                defaults
                    timeout connect 10s
                    timeout client 20s
                    timeout server 20s
                listen sender
                    mode tcp
                    bind %1$s:%2$d
                    server cgnat 127.0.0.1:%3$d send-proxy-v2
                frontend receiver
                    mode http
                    bind %1$s:%4$d accept-proxy
                    http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst] %%[dst_port]"
                """.formatted(HAPROXY_ADDRESS, senderPort, port(SOCKS), receiverPort));
        haproxy = new ProcessBuilder(binary.toString(), "-db", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
        await("haproxy listens").atMost(Wire.GUARD).until(() -> {
            try {
                Wire.to(new InetSocketAddress(HAPROXY_ADDRESS, receiverPort)).close();
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        haproxy.destroyForcibly().waitFor();
        rig.close();
    }

    /** One flow for each subscriber, all from one address: were HAProxy the subscriber, the second would be refused. */
    @Test
    @Tag("conformance-e18")
    void clientsBehindHaproxyAreSubscribersOfTheirOwn() throws Exception {
        InetSocketAddress sender = new InetSocketAddress(HAPROXY_ADDRESS, senderPort);
        SocksClient first = rig.keep(SocksClient.connectFrom("127.0.62.11", sender, sink.address()));
        SocksClient second = rig.keep(SocksClient.connectFrom("127.0.62.12", sender, sink.address()));
        SocksClient again = rig.keep(SocksClient.connectFrom("127.0.62.11", sender, sink.address()));

        assertThat(first.code()).isZero();
        assertThat(second.code()).isZero();
        assertThat(again.code()).isEqualTo(SocksClient.GENERAL_FAILURE);
        assertThat(first.wire().send("hello").read(5)).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({"v1", "v2"})
    void haproxyIsToldWhoTheClientIs(String listener) throws Exception {
        Wire wire = rig.keep(Wire.from("127.0.62.13", rig.proxy().address(listener)));
        wire.send("GET / HTTP/1.0\r\n\r\n"); // early, as the flow is not connected yet
        assertThat(new String(wire.readToFin(), StandardCharsets.US_ASCII))
                .endsWith("\r\n\r\n127.0.62.13 " + wire.local().getPort() + " 127.0.0.1 " + port(listener));
    }

    @Test
    void curlTellsWhoItIsAndHaproxyIsToldTheSame() throws Exception {
        Path curl = Tools.require("curl");
        Process process = new ProcessBuilder(
                        curl.toString(),
                        "-sS",
                        "--fail",
                        "--max-time",
                        "60",
                        "--haproxy-protocol",
                        "--local-port",
                        "20500-20999",
                        "--interface",
                        "127.0.62.14",
                        "http://127.0.0.1:" + port("both") + "/")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).matches("127\\.0\\.62\\.14 20[5-9]\\d\\d 127\\.0\\.0\\.1 " + port("both"));
    }

    /** The proxy in front is on this host; whom it brings need not be. */
    @Test
    void clientsBehindATrustedProxyDoNotReachWhatBelongsToThisHost() throws Exception {
        try (Sink own = Sink.start(Sink.echoing(), "127.0.62.5")) {
            SocksClient client = rig.keep(SocksClient.connectFrom(
                    "127.0.62.15", new InetSocketAddress(HAPROXY_ADDRESS, senderPort), own.address()));
            assertThat(client.code()).isEqualTo(SocksClient.NOT_ALLOWED);
            assertThat(own.connections()).isEmpty();
        }
    }

    @Test
    @Tag("conformance-e18")
    void trustedConnectionWithoutHeaderIsClosedAtTheHandshakeTimeout() throws Exception {
        TimeoutConfig defaults = TimeoutConfig.defaults();
        Proxies impatient = Proxies.with(pool("127.0.62.4", 20_000, 20_099))
                .timeouts(new TimeoutConfig(
                        defaults.connect(),
                        HANDSHAKE,
                        defaults.established(),
                        defaults.opening(),
                        defaults.halfClosed()))
                .listener(trusting(SOCKS, ListenerConfig.Type.SOCKS, Optional.empty(), "127.0.0.0/8"));
        try (Rig other = Rig.start(impatient)) {
            long startNanos = System.nanoTime();
            Wire wire = other.wire(SOCKS);
            wire.send(SocksClient.greeting());
            assertThat(wire.readToFinOrReset()).isEmpty();
            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(HANDSHAKE.toNanos());
        }
    }

    @Test
    @Tag("conformance-e18")
    void untrustedConnectionIsResetThoughItHasAHeader() throws Exception {
        assertThat(Wire.endOf(rig.proxy().address(UNTRUSTING))).isEqualTo(Wire.End.RESET);
    }

    @Test
    @Tag("conformance-e18")
    void trustedConnectionWithAnAbsurdHeaderIsClosedAtOnce() throws Exception {
        Wire wire = rig.wire(FORWARD);
        wire.send("PROXY TCP4 127.0.0.1 127.0.0.1 70000 80\r\n");
        wire.readEnd();
        assertThat(sink.connections()).isEmpty();
    }

    private int port(String listener) {
        return rig.proxy().address(listener).getPort();
    }

    private static ListenerConfig listener(String name, ListenerConfig.Type type, Optional<Target> target) {
        return new ListenerConfig(name, type, new Endpoint(Proxies.address("127.0.0.1"), 0), target, "main");
    }

    private static ListenerConfig trusting(
            String name, ListenerConfig.Type type, Optional<Target> target, String prefix) {
        return listener(name, type, target).withTrustedProxies(List.of(new IPAddressString(prefix).getAddress()));
    }

    /** No two of them the same, as each is taken while the others are looked for. */
    private static int[] freePorts(int count) {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                taken.add(new ServerSocket(0, 1, InetAddress.getByName(HAPROXY_ADDRESS)));
            }
            int[] ports = taken.stream().mapToInt(ServerSocket::getLocalPort).toArray();
            for (ServerSocket socket : taken) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
