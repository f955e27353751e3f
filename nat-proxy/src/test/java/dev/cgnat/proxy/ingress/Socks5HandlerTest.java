package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Socks5HandlerTest {
    private static final String GREETING = "050100";
    private static final String CONNECT = "05010001c00002010050"; // 192.0.2.1:80
    private static final String SUCCESS = "050000017f0001019c40"; // from 127.0.1.1:40000

    private final IngressFixture proxy = new IngressFixture(ListenerConfig.Type.SOCKS, ExhaustionAction.REFUSE);

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    @Tag("conformance-e06")
    @Tag("conformance-e09")
    void flowOpensAndCarriesBytesBothWays() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING));
        assertThat(received(client)).isEqualTo(hex("0500"));
        send(client, hex(CONNECT));
        assertThat(received(client)).isEmpty();
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex(SUCCESS));
        send(client, new byte[] {1, 2});
        assertThat(received(OutsideChannel.last())).containsExactly(1, 2);
        send(OutsideChannel.last(), new byte[] {3});
        assertThat(received(client)).containsExactly(3);
        assertThat(proxy.opened("established")).isEqualTo(1);
        assertThat(client.pipeline().names()).doesNotContain("decoder", "encoder", "front-end", "guard", "pending");
    }

    @Test
    @Tag("conformance-e08")
    void handshakeComesByteByByte() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        for (byte one : hex(GREETING + CONNECT)) {
            send(client, new byte[] {one});
        }
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex("0500" + SUCCESS));
    }

    @Test
    @Tag("conformance-e08")
    void handshakeAndPayloadComeInOneSegment() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + CONNECT + "aabb"));
        send(client, hex("cc"));
        assertThat(received(OutsideChannel.last())).isEmpty();
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex("0500" + SUCCESS));
        assertThat(received(OutsideChannel.last())).isEqualTo(hex("aabbcc"));
    }

    @Test
    @Tag("conformance-e01")
    void noAuthenticationIsAgreedOnWithWhoeverOffersIt() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("050100"));
        assertThat(received(client)).isEqualTo(hex("0500"));
        EmbeddedSocketChannel choosy = proxy.client();
        send(choosy, hex("0503020001"));
        assertThat(received(choosy)).isEqualTo(hex("0500"));
    }

    @ParameterizedTest
    @Tag("conformance-e02")
    @ValueSource(strings = {"0500", "050101", "0502017f"}) // no method at all; GSSAPI; GSSAPI and one that is nobody's
    void clientWithoutAMethodInCommonIsToldSoAndLetGo(String greeting) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(greeting));
        assertThat(received(client)).isEqualTo(hex("05ff"));
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(proxy.rejected()).isEqualTo(1);
        IngressFixture.pass(client, Duration.ofSeconds(5));
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @Tag("conformance-e03")
    @ValueSource(strings = {"03", "0601", "00", "ff", "474554"})
    void anotherVersionIsClosedWithoutAWord(String bytes) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(bytes));
        assertThat(received(client)).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @Test
    @Tag("conformance-e04")
    void the255MethodsOfAnOpenListenerHaveNoAuthenticationAmongThem() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("05ff" + SocksPasswordTest.methods(0, 254)));
        assertThat(received(client)).isEqualTo(hex("0500"));
    }

    @Test
    void passwordThatNobodyAskedForProvesNothingAndHarmsNothing() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("050102"));
        assertThat(received(client)).isEqualTo(hex("0502"));
        send(client, hex("0101610162" + CONNECT));
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex("0100" + SUCCESS));
        assertThat(proxy.gate.snapshot().subscribers()).isEqualTo(1);
        assertThat(ClientIdentity.subscriber(
                                client,
                                ClientIdentity.internal(client),
                                new SubscriberConfig(SubscriberConfig.Identity.SOCKS_USER, 32, 64))
                        .name())
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @Tag("conformance-e06")
    @Tag("conformance-e10")
    @CsvSource({
        "05020001c00002010050, 07", // BIND
        "05030001c00002010050, 07", // UDP ASSOCIATE
        "05090001c00002010050, 07",
        "05010002c00002010050, 08", // unknown type of address
        "05010001c00002010000, 04", // port 0
        "050100030f6e6f77686572652e696e76616c69640050, 04", // nowhere.invalid
        "0501000420010db80000000000000000000000010050, 08", // IPv6
        "05010001000000000050, 04" // 0.0.0.0
    })
    void whatCannotBeDoneHasItsCode(String command, String code) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING));
        received(client);
        send(client, hex(command));
        assertThat(received(client)).startsWith(hex("05" + code));
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(proxy.resolving).isEmpty();
        assertThat(proxy.opened() + proxy.rejected()).isEqualTo(1);
        IngressFixture.pass(client, Duration.ofSeconds(5));
        assertThat(client.isOpen()).as("RFC 1928 section 6: at most 10 s").isFalse();
    }

    static Stream<String> namesThatAreNone() {
        return Stream.of(
                        "",
                        "a".repeat(254),
                        "a".repeat(255),
                        "a\0b",
                        "a\rb",
                        "a\nb",
                        "a b",
                        "caf\u00e9",
                        "a..b",
                        ".a",
                        "-a")
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .map(name -> "%02x%s".formatted(name.length, ByteBufUtil.hexDump(name)));
    }

    @ParameterizedTest
    @Tag("conformance-e07")
    @MethodSource("namesThatAreNone")
    void nameThatIsNoneIsRefusedAndNobodyIsAskedForIt(String name) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + "05010003" + name + "0050"));
        assertThat(received(client)).startsWith(hex("05000504"));
        assertThat(proxy.resolutions).isZero();
        assertThat(client.isOutputShutdown()).isTrue();
    }

    @Test
    @Tag("conformance-e06")
    void nameIsResolvedAndItsAddressDialled() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + "05010003056c6f63616c0050")); // local
        proxy.resolving.remove().setSuccess(InetAddress.getByName("192.0.2.7"));
        client.runPendingTasks();
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex("0500" + SUCCESS));
        assertThat(proxy.resolutions).isEqualTo(1);
    }

    @ParameterizedTest
    @Tag("conformance-e09")
    @Tag("conformance-e10")
    @CsvSource({"refused, 05, refused", "network is unreachable, 03, unreachable", "no route to host, 04, unreachable"})
    void failureOfTheDestinationHasItsCode(String words, String code, String result) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + CONNECT));
        received(client);
        OutsideChannel.last().failConnect(new ConnectException("connect(..) failed: " + words));
        assertThat(received(client)).startsWith(hex("05" + code));
        assertThat(proxy.opened(result)).isEqualTo(1);
        assertThat(proxy.pool().sessions()).isZero();
        assertThat(proxy.sessions()).isZero();
    }

    @Test
    @Tag("conformance-e09")
    void emptyPoolIsGeneralFailure() throws Exception {
        send(proxy.client(), hex(GREETING + CONNECT));
        EmbeddedSocketChannel second = proxy.client();
        send(second, hex(GREETING + CONNECT));
        assertThat(received(second)).startsWith(hex("05000501"));
        assertThat(proxy.opened("no_port")).isEqualTo(1);
    }

    @Test
    void portThatAForeignSocketHoldsIsSetAsideAndNeverConnected() throws Exception {
        OutsideChannel.failBinds(new IOException("bind(..) failed: Address already in use"));
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + CONNECT));
        assertThat(OutsideChannel.opened()).isEqualTo(1); // the pool has one port, and that is set aside now
        assertThat(received(client)).startsWith(hex("05000501"));
        assertThat(proxy.pool().setAside()).isEqualTo(1);
        assertThat(proxy.sessions()).isZero();
        assertThat(OutsideChannel.last().isOpen()).isFalse();
        assertThat(OutsideChannel.last().isConnecting())
                .as("never after a failed bind")
                .isFalse();
    }

    @Test
    void clientThatSaysTooLittleIsLetGoInTime() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("05"));
        IngressFixture.pass(client, proxy.config.timeouts().handshake().minusNanos(1));
        assertThat(client.isOpen()).isTrue();
        IngressFixture.pass(client, Duration.ofNanos(1));
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"05", "0501", GREETING, GREETING + "0501"})
    void clientThatClosesInTheHandshakeIsLetGo(String sent) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(sent));
        client.receiveFin();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
        assertThat(proxy.opened()).isZero();
    }

    @Test
    void resetInTheHandshakeIsCountedOnce() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("05"));
        client.receiveReset();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @Test
    void deadlineOfTheHandshakeDoesNotEndAFlow() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + CONNECT));
        OutsideChannel.last().connect();
        IngressFixture.pass(client, proxy.config.timeouts().handshake().multipliedBy(2));
        assertThat(client.isOpen()).isTrue();
        assertThat(proxy.rejected()).isZero();
    }

    private static byte[] hex(String digits) {
        return ByteBufUtil.decodeHexDump(digits);
    }
}
