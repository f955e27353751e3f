package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not speak the protocol: each hears what is wrong, nothing is left of it, the next client is served. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class BadInputIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Rig rig;
    private final Sink sink;
    private long descriptorsBefore;

    BadInputIT(TransportKind transport) throws StartException {
        Tools.require(transport);
        rig = Rig.start(Proxies.with(pool("127.0.10.90", 20_000, 20_999))
                .transport(transport)
                .timeouts(new TimeoutConfig(LONG, Duration.ofSeconds(2), LONG, LONG, LONG)));
        sink = rig.sink(Sink.echoing(), "127.0.0.2");
    }

    @BeforeEach
    void countDescriptors() throws IOException {
        rig.warmUp(sink.address());
        descriptorsBefore = Rig.openDescriptors();
    }

    @AfterEach
    void nothingIsLeftAndTheNextClientIsServed() throws IOException {
        long granted = rig.pool().granted();
        rig.closeClients();
        await("descriptors are given back").atMost(Wire.GUARD).until(() -> Rig.openDescriptors() <= descriptorsBefore);
        rig.awaitNoFlow();
        SocksClient next = rig.socks(sink.address());
        assertThat(next.isGranted()).isTrue();
        assertThat(next.wire().send("x").read(1)).asString().isEqualTo("x");
        assertThat(rig.pool().granted()).isEqualTo(granted + 1);
        rig.close();
    }

    @ParameterizedTest
    @Tag("conformance-e03")
    @ValueSource(strings = {"\3\1\0P\177\0\0\1\0", "GET / HTTP/1.1\r\n\r\n", "\0"})
    void clientOfAnotherProtocolIsClosedWithoutAnAnswer(String bytes) throws Exception {
        assertThat(rig.wire(Proxies.SOCKS).send(bytes).readToFinOrReset()).isEmpty();
    }

    @Test
    @Tag("conformance-e02")
    void greetingWithoutAcceptableMethodIsToldSo() throws Exception {
        Wire gssapiOnly = rig.wire(Proxies.SOCKS).send((byte) 5, (byte) 1, (byte) 1);
        assertThat(gssapiOnly.readToFin()).containsExactly(5, 0xff);
        Wire noMethod = rig.wire(Proxies.SOCKS).send((byte) 5, (byte) 0);
        assertThat(noMethod.readToFin()).containsExactly(5, 0xff);
    }

    @ParameterizedTest
    @Tag("conformance-e06")
    @Tag("conformance-e10")
    @CsvSource({"2, 1, 7", "3, 1, 7", "9, 1, 7", "1, 2, 8"})
    void unsupportedCommandOrAddressTypeIsToldSo(int command, int addressType, int code) throws Exception {
        byte[] request = SocksClient.request(command, addressType, new byte[] {127, 0, 0, 2}, 80);
        SocksClient answer = SocksClient.ask(rig.wire(Proxies.SOCKS), request);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.wire().readEnd()).isEqualTo(Wire.End.FIN);
    }

    static Stream<String> namesThatAreNone() {
        return Stream.of("", "a".repeat(254), "a".repeat(255), "a\0b", "a b", "a\r\nb", "caf\u00e9", "-", "a/b", "a:b");
    }

    @ParameterizedTest
    @Tag("conformance-e07")
    @MethodSource("namesThatAreNone")
    void nameThatIsNoneIsRefused(String name) throws Exception {
        SocksClient answer = SocksClient.ask(rig.wire(Proxies.SOCKS), SocksClient.requestOfName(name, 80));
        assertThat(answer.code()).isEqualTo(SocksClient.HOST_UNREACHABLE);
        assertThat(answer.wire().readEnd()).isEqualTo(Wire.End.FIN);
    }

    @Test
    void portZeroIsRefused() throws Exception {
        byte[] request = SocksClient.request(1, 1, new byte[] {127, 0, 0, 2}, 0);
        assertThat(SocksClient.ask(rig.wire(Proxies.SOCKS), request).isGranted())
                .isFalse();
    }

    @Test
    @Tag("conformance-e08")
    void socksRequestMayComeByteByByte() throws Exception {
        Wire wire = rig.wire(Proxies.SOCKS);
        for (byte part : SocksClient.greeting()) {
            wire.send(part);
        }
        assertThat(wire.read(2)).containsExactly(5, 0);
        for (byte part : SocksClient.request(sink.address())) {
            wire.send(part);
        }
        assertThat(SocksClient.readReply(wire).isGranted()).isTrue();
    }

    @Test
    void connectRequestMayComeByteByByte() throws Exception {
        Wire wire = rig.wire(Proxies.CONNECT);
        for (char part : ("CONNECT 127.0.0.2:" + sink.address().getPort() + " HTTP/1.1\r\n\r\n").toCharArray()) {
            wire.send((byte) part);
        }
        assertThat(wire.readHttpHeader()).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @Tag("conformance-e12")
    @ValueSource(
            strings = {
                "127.0.0.2",
                "127.0.0.2:",
                "127.0.0.2:0",
                "127.0.0.2:65536",
                "127.0.0.2:http",
                "user@127.0.0.2:80",
                "127.0.0.2:80/path",
                "http://127.0.0.2:80/",
                "::1",
                "::1:80",
                "[::1]",
                "[127.0.0.2]:80",
                ":80"
            })
    void connectToWhatIsNoAuthorityIsABadRequest(String target) throws Exception {
        requireAnswer("CONNECT " + target + " HTTP/1.1\r\n\r\n", 400);
    }

    @Test
    void connectWithABodyIsABadRequest() throws Exception {
        requireAnswer("CONNECT 127.0.0.2:80 HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", 400);
        requireAnswer("CONNECT 127.0.0.2:80 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    }

    @Test
    void whatIsNotHttpIsABadRequest() throws Exception {
        requireAnswer("\5\1\0\r\n\r\n", 400);
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        String answer = requireAnswer("GET http://127.0.0.2/ HTTP/1.1\r\nHost: 127.0.0.2\r\n\r\n", 405);
        assertThat(answer).containsIgnoringCase("\r\nAllow: CONNECT\r\n");
    }

    @Test
    void requestLineThatIsTooLongIsToldSo() throws Exception {
        requireAnswer("CONNECT " + "a".repeat(9 * 1024) + ":80 HTTP/1.1\r\n\r\n", 414);
    }

    @Test
    void headerThatIsTooLongIsToldSo() throws Exception {
        requireAnswer("CONNECT 127.0.0.2:80 HTTP/1.1\r\nX: " + "a".repeat(17 * 1024) + "\r\n\r\n", 431);
    }

    @ParameterizedTest
    @ValueSource(strings = {Proxies.SOCKS, Proxies.CONNECT})
    void clientThatSaysNothingIsClosedAfterTheHandshakeTimeout(String listener) throws Exception {
        long start = System.nanoTime();
        assertThat(rig.wire(listener).readToFin()).isEmpty();
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofSeconds(1).toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {Proxies.SOCKS, Proxies.CONNECT})
    void clientThatLeavesAmidItsRequestIsForgotten(String listener) throws Exception {
        rig.wire(listener).close();
        rig.wire(listener).reset();
        rig.wire(listener).send((byte) 5).close();
        rig.wire(listener).send((byte) 5).reset();
    }

    private String requireAnswer(String request, int status) throws IOException {
        String answer = new String(rig.wire(Proxies.CONNECT).send(request).readToFin(), StandardCharsets.ISO_8859_1);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").containsIgnoringCase("connection: close");
        return answer;
    }
}
