package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.Users;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SOCKS where a name has to be proved (RFC 1929). */
class SocksPasswordTest {
    private static final String LONGEST = "x".repeat(255);
    private static final Users USERS =
            new Users(Map.of("alice", "secret", "b", "c", LONGEST, LONGEST, "zo\u00eb", "p\u00e4ss:w\u00f6rd"));
    private static final String GREETING = "050102";
    private static final String CONNECT = "05010001c00002010050"; // 192.0.2.1:80

    private final IngressFixture proxy = new IngressFixture(
            ListenerConfig.Type.SOCKS, ExhaustionAction.REFUSE, listener -> listener.withUsers(USERS));

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    @Tag("conformance-e04")
    void passwordIsChosenAmong255Methods() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("05ff" + methods(0, 254)));
        assertThat(received(client)).isEqualTo(hex("0502"));
    }

    @ParameterizedTest
    @Tag("conformance-e02")
    @ValueSource(strings = {"050100", "05020001", "0500"})
    void whoDoesNotOfferAPasswordIsLetGo(String greeting) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(greeting));
        assertThat(received(client)).isEqualTo(hex("05ff"));
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(proxy.rejected("auth")).isEqualTo(1);
        assertThat(proxy.rejected()).isZero();
    }

    @ParameterizedTest
    @Tag("conformance-e05")
    @CsvSource({"alice, secret", "b, c", "zo\u00eb, p\u00e4ss:w\u00f6rd"})
    void rightPasswordOpensTheWay(String name, String password) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING));
        received(client);
        send(client, hex(request(name, password)));
        assertThat(received(client)).isEqualTo(hex("0100"));
        send(client, hex(CONNECT));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
        assertThat(proxy.rejected("auth")).isZero();
    }

    @Test
    @Tag("conformance-e05")
    void nameAndPasswordMayHave255BytesEach() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + request(LONGEST, LONGEST) + CONNECT));
        assertThat(received(client)).isEqualTo(hex("05020100"));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
    }

    @ParameterizedTest
    @Tag("conformance-e05")
    @Tag("conformance-e10")
    @CsvSource({
        "alice, Secret",
        "alice, secre",
        "alice, secrets",
        "alice, c",
        "bob, secret",
        "Alice, secret",
        "alice, ''",
        "'', ''",
        "'', secret"
    })
    void wrongPasswordIsToldAndTheClientLetGo(String name, String password) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + request(name, password) + CONNECT));
        assertThat(received(client)).isEqualTo(hex("05020101"));
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(OutsideChannel.opened()).isZero();
        assertThat(proxy.rejected("auth")).isEqualTo(1);
        IngressFixture.pass(client, Duration.ofSeconds(5));
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @Tag("conformance-e05")
    @ValueSource(strings = {"00", "02", "05", "0505616c696365"})
    void anotherVersionOfTheNegotiationIsClosed(String bytes) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING));
        received(client);
        send(client, hex(bytes));
        assertThat(received(client)).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @Test
    @Tag("conformance-e08")
    void everythingMayComeByteByByte() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        for (byte one : hex(GREETING + request("alice", "secret") + CONNECT)) {
            send(client, new byte[] {one});
        }
        assertThat(received(client)).isEqualTo(hex("05020100"));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
    }

    @Test
    @Tag("conformance-e08")
    void everythingMayComeInOneSegmentWithPayload() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + request("alice", "secret") + CONNECT + "aabb"));
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last())).isEqualTo(hex("aabb"));
    }

    @Test
    void commandWithoutAPasswordIsNoCommand() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + CONNECT));
        assertThat(received(client)).isEqualTo(hex("0502"));
        assertThat(client.isOpen()).isFalse();
        assertThat(OutsideChannel.opened()).isZero();
    }

    /** The methods {@code first} to {@code last}, in hexadecimal digits. */
    static String methods(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj("%02x"::formatted).collect(Collectors.joining());
    }

    private static String request(String name, String password) {
        return "01" + field(name) + field(password);
    }

    private static String field(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "%02x%s".formatted(bytes.length, ByteBufUtil.hexDump(bytes));
    }

    private static byte[] hex(String digits) {
        return ByteBufUtil.decodeHexDump(digits);
    }
}
