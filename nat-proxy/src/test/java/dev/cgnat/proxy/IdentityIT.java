package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import dev.cgnat.proxy.config.Users;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who clients are, and what that gives them: users, subscribers, handshakes. */
@ExtendWith(NoLeaks.class)
class IdentityIT {
    private static final Users USERS = new Users(Map.of("alice", "secret", "bob", "word"));

    @Test
    @Tag("rfc6888-req4")
    void usersHaveQuotasOfTheirOwnWhereverTheyComeFrom() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.1", 20_000, 20_099))
                .users(USERS)
                .subscriber(new SubscriberConfig(Identity.SOCKS_USER, 32, 64))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(2)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThat(socks(rig, "alice", "secret", "127.20.5.1", sink).isGranted())
                    .isTrue();
            assertThat(socks(rig, "alice", "secret", "127.20.5.2", sink).isGranted())
                    .isTrue();
            assertThat(socks(rig, "alice", "secret", "127.20.5.1", sink).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(socks(rig, "bob", "word", "127.20.5.1", sink).isGranted())
                    .isTrue();
            assertThat(connect(rig, "bob:word", sink)).startsWith("HTTP/1.1 200 ");
            assertThat(connect(rig, "bob:word", sink))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("session_limit");
            assertThat(rig.pool().refused()).containsEntry(Refusal.SESSION_LIMIT, 2L);
            assertThat(rig.proxy().snapshot().subscribers()).isEqualTo(2);
        }
    }

    @Test
    void usersOfOneAddressShareItsQuotaIfAddressesAreCounted() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.2", 20_000, 20_099))
                .users(USERS)
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(1)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThat(socks(rig, "alice", "secret", "127.20.5.1", sink).isGranted())
                    .isTrue();
            assertThat(socks(rig, "bob", "word", "127.20.5.1", sink).isGranted())
                    .isFalse();
            assertThat(socks(rig, "alice", "secret", "127.20.5.2", sink).isGranted())
                    .isTrue();
        }
    }

    @Test
    @Tag("conformance-e04")
    @Tag("conformance-e05")
    void strangersAreToldSoAndCounted() throws Exception {
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.14.3", 20_000, 20_099)).users(USERS))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            byte[] all = new byte[257];
            all[0] = 5;
            all[1] = (byte) 255;
            for (int method = 0; method < 255; method++) {
                all[method + 2] = (byte) method;
            }
            assertThat(rig.wire(Proxies.SOCKS).send(all).read(2)).containsExactly(5, 2);

            Wire wrong = rig.wire(Proxies.SOCKS).send((byte) 5, (byte) 1, (byte) 2);
            assertThat(wrong.read(2)).containsExactly(5, 2);
            assertThat(wrong.send(SocksClient.login("alice", "word")).readToFin())
                    .containsExactly(1, 1);

            assertThat(rig.wire(Proxies.SOCKS).send(SocksClient.greeting()).readToFin())
                    .containsExactly(5, 0xff);
            assertThat(rig.wire(Proxies.SOCKS).send("\4\1\0P\177\0\0\2alice\0").readToFin())
                    .startsWith(0, 93);
            assertThat(connect(rig, "alice:word", sink))
                    .startsWith("HTTP/1.1 407 ")
                    .containsIgnoringCase("\r\nproxy-authenticate: Basic ");
            assertThat(rig.rejections(Proxies.SOCKS, "auth")).isEqualTo(3);
            assertThat(rig.rejections(Proxies.CONNECT, "auth")).isEqualTo(1);

            Wire otherVersion = rig.wire(Proxies.SOCKS).send((byte) 5, (byte) 1, (byte) 2);
            assertThat(otherVersion.read(2)).containsExactly(5, 2);
            assertThat(otherVersion.send((byte) 5).readToFinOrReset()).isEmpty();
            assertThat(rig.rejections(Proxies.SOCKS, "protocol")).isEqualTo(1);
            assertThat(rig.pool().granted()).isZero();
        }
    }

    @Test
    @Tag("conformance-e01")
    @Tag("conformance-e06")
    @Tag("conformance-e09")
    void addressThatIsToldIsTheOneThatTheServerSaw() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.4", "127.0.14.7", 20_000, 20_099)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.1");
            SocksClient byAddress = rig.socks(sink.address());
            awaitConnections(sink, 1);
            assertThat(byAddress.bound()).isEqualTo(sink.connections().get(0).peer());
            byte[] request =
                    SocksClient.requestOfName("localhost", sink.address().getPort());
            SocksClient byName = SocksClient.ask(rig.wire(Proxies.SOCKS), request);
            awaitConnections(sink, 2);
            assertThat(byName.bound()).isEqualTo(sink.connections().get(1).peer());

            int port = sink.address().getPort();
            byte[] head = {4, 1, (byte) (port >> 8), (byte) port};
            byte[] answer =
                    rig.wire(Proxies.SOCKS).send(head).send("\177\0\0\1me\0").read(8);
            awaitConnections(sink, 3);
            assertThat(answer).startsWith(0, 90);
            assertThat(Byte.toUnsignedInt(answer[2]) << 8 | Byte.toUnsignedInt(answer[3]))
                    .isEqualTo(sink.connections().get(2).peer().getPort());
            assertThat(rig.wire(Proxies.SOCKS)
                            .send(head)
                            .send("\0\0\0\1\0localhost\0x")
                            .read(9))
                    .startsWith(0, 90)
                    .endsWith('x');
        }
    }

    @Test
    void sourceWithTooManyHandshakesIsResetUntilOneIsComplete() throws Exception {
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.14.8", 20_000, 20_099)).handshakesPerSource(2))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Wire first = greeted(rig, "127.20.6.1");
            greeted(rig, "127.20.6.1");
            assertThat(Wire.endOf("127.20.6.1", rig.proxy().address(Proxies.SOCKS)))
                    .isEqualTo(Wire.End.RESET);
            assertThat(Wire.endOf("127.20.6.1", rig.proxy().address(Proxies.CONNECT)))
                    .as("the limit is one over all listeners")
                    .isEqualTo(Wire.End.RESET);
            greeted(rig, "127.20.6.2");
            assertThat(rig.rejections(Proxies.SOCKS, "limit")).isEqualTo(1);
            assertThat(rig.rejections(Proxies.CONNECT, "limit")).isEqualTo(1);

            assertThat(SocksClient.readReply(first.send(SocksClient.request(sink.address())))
                            .isGranted())
                    .isTrue();
            for (int i = 0; i < 10; i++) {
                assertThat(rig.socksFrom("127.20.6.1", sink.address()).isGranted())
                        .isTrue();
            }
        }
    }

    @Test
    void passwordThatIsWrongIsNotRight() throws Exception {
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.14.9", 20_000, 20_099)).users(USERS))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThatThrownBy(() -> socks(rig, "alice", "word", "127.20.5.1", sink))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("[5, 2, 1, 1]");
            assertThat(socks(rig, "alice", "secret", "127.20.5.1", sink)
                            .wire()
                            .send("x")
                            .read(1))
                    .asString()
                    .isEqualTo("x");
        }
    }

    private static SocksClient socks(Rig rig, String name, String password, String source, Sink sink)
            throws IOException {
        return rig.keep(
                SocksClient.connectAs(name, password, source, rig.proxy().address(Proxies.SOCKS), sink.address()));
    }

    private static String connect(Rig rig, String credentials, Sink sink) throws IOException {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        String authority = "127.0.0.2:" + sink.address().getPort();
        return rig.wire(Proxies.CONNECT)
                .send("CONNECT " + authority + " HTTP/1.1\r\nProxy-Authorization: Basic " + basic + "\r\n\r\n")
                .readHttpHeader();
    }

    /** A connection whose handshake has begun and is not complete. */
    private static Wire greeted(Rig rig, String source) throws IOException {
        Wire wire = rig.keep(Wire.from(source, rig.proxy().address(Proxies.SOCKS)));
        SocksClient.greet(wire);
        return wire;
    }

    private static void awaitConnections(Sink sink, int count) {
        await().atMost(Wire.GUARD).until(() -> sink.connections().size() == count);
    }
}
