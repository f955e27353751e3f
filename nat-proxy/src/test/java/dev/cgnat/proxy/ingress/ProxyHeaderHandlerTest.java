package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.pass;
import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.ProxyHeader;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import inet.ipaddr.IPAddressString;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in memory come from 127.0.0.1:50000 to 127.0.0.1:1080. */
class ProxyHeaderHandlerTest {
    private static final String TEXT = "PROXY TCP4 198.51.100.7 203.0.113.9 1234 443\r\n";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    /** PROXY, TCP over IPv4, 12 bytes: 198.51.100.7 to 203.0.113.9, 1234 to 443. */
    private static final String BINARY = SIGNATURE + "2111000c" + "c6336407" + "cb007109" + "04d2" + "01bb";

    private static final String GREETING = "050100";
    private static final String NO_AUTHENTICATION = "0500";

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    @Tag("conformance-e18")
    void trustedProxyTellsWhoTheClientIsByText() throws Exception {
        EmbeddedSocketChannel client = socks("127.0.0.0/8").client();
        send(client, text(TEXT));
        send(client, hex(GREETING));
        assertThat(received(client)).isEqualTo(hex(NO_AUTHENTICATION));
        assertThat(ClientIdentity.internal(client)).hasToString("198.51.100.7:1234");
        assertThat(ClientIdentity.front(client)).hasToString("203.0.113.9:443");
    }

    @Test
    @Tag("conformance-e18")
    void trustedProxyTellsWhoTheClientIsInBinary() throws Exception {
        EmbeddedSocketChannel client = socks("127.0.0.0/8").client();
        send(client, hex(BINARY + GREETING)); // in one segment
        assertThat(received(client)).isEqualTo(hex(NO_AUTHENTICATION));
        assertThat(ClientIdentity.internal(client)).hasToString("198.51.100.7:1234");
        assertThat(client.pipeline().names()).doesNotContain("proxy-header", "proxy-header-decoder");
    }

    @ParameterizedTest
    @ValueSource(strings = {TEXT, "PROXY TCP6 2001:db8::7 2001:db8::9 1234 443\r\n"})
    void headerComesByteByByte(String header) throws Exception {
        EmbeddedSocketChannel client = socks("127.0.0.1").client();
        for (byte one : text(header)) {
            assertThat(received(client)).isEmpty();
            send(client, new byte[] {one});
        }
        send(client, hex(GREETING));
        assertThat(received(client)).isEqualTo(hex(NO_AUTHENTICATION));
        assertThat(ClientIdentity.internal(client).port()).isEqualTo(1234);
    }

    @Test
    void sourceOfTheHeaderIsTheSubscriberWhereTheConfigurationSaysSo() throws Exception {
        EmbeddedSocketChannel client = socks("127.0.0.0/8").client();
        send(client, text(TEXT));
        assertThat(subscriber(client, Identity.PROXY_HEADER)).isEqualTo(new Subscriber("198.51.100.7"));
        assertThat(subscriber(client, Identity.SOURCE_ADDRESS)).isEqualTo(new Subscriber("127.0.0.1"));
    }

    /** UNKNOWN; LOCAL, as health checks are, without and with addresses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "50524f585920554e4b4e4f574e0d0a",
                SIGNATURE + "20000000",
                SIGNATURE + "2011000c" + "c6336407" + "cb007109" + "04d2" + "01bb",
            })
    void headerWithoutAClientLeavesTheConnectionAsItIs(String header) throws Exception {
        EmbeddedSocketChannel client = socks("127.0.0.0/8").client();
        send(client, hex(header + GREETING));
        assertThat(received(client)).isEqualTo(hex(NO_AUTHENTICATION));
        assertThat(ClientIdentity.internal(client)).hasToString("127.0.0.1:50000");
        assertThat(ClientIdentity.front(client)).hasToString("127.0.0.1:1080");
    }

    @Test
    void clientOnASocketOfTheProxysHostLeavesTheConnectionAsItIs() throws Exception {
        EmbeddedSocketChannel client = socks("127.0.0.0/8").client();
        send(
                client,
                hex(SIGNATURE + "213100d8" + "2f61".concat("00".repeat(106)).repeat(2) + GREETING));
        assertThat(received(client)).isEqualTo(hex(NO_AUTHENTICATION));
        assertThat(ClientIdentity.internal(client)).hasToString("127.0.0.1:50000");
    }

    @Test
    @Tag("conformance-e18")
    void trustedProxyWithoutHeaderIsClosedAtTheHandshakeTimeout() throws Exception {
        IngressFixture proxy = socks("127.0.0.0/8");
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING));
        assertThat(received(client)).isEmpty();
        pass(client, proxy.config.timeouts().handshake().minusNanos(1));
        assertThat(client.isOpen()).isTrue();
        pass(client, Duration.ofNanos(1));
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected("proxy_header")).isEqualTo(1);
    }

    /** The header takes from the time for the handshake; it gives none. */
    @Test
    void headerDoesNotMoveTheDeadline() throws Exception {
        IngressFixture proxy = socks("127.0.0.0/8");
        EmbeddedSocketChannel client = proxy.client();
        pass(client, proxy.config.timeouts().handshake().minusNanos(1));
        send(client, text(TEXT));
        pass(client, Duration.ofNanos(1));
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected("protocol")).isEqualTo(1);
        assertThat(proxy.rejected("proxy_header")).isZero();
    }

    @Test
    @Tag("conformance-e18")
    void untrustedClientIsResetWhateverItSays() throws Exception {
        IngressFixture proxy = socks("192.0.2.0/24");
        EmbeddedSocketChannel client = proxy.client();
        assertThat(client.wasReset()).isTrue();
        assertThat(proxy.rejected("proxy_header")).isEqualTo(1);
    }

    @ParameterizedTest
    @Tag("conformance-e18")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
                "PROXY TCP4 198.51.100.300 203.0.113.9 1234 443\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.9 1234 65536\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.9 0 443\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.9 -1 443\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.9 1234\r\n",
                "PROXY TCP4 2001:db8::7 203.0.113.9 1234 443\r\n",
                "PROXY TCP5 198.51.100.7 203.0.113.9 1234 443\r\n",
                "PROXY TCP4 0.0.0.0 203.0.113.9 1234 443\r\n",
                "PROXY TCP4 224.0.0.1 203.0.113.9 1234 443\r\n",
                "PROXY TCP4 example.com 203.0.113.9 1234 443\r\n",
                "PROXY UNKNOWN ................................................................................................",
            })
    void textThatIsNoHeaderIsClosed(String header) throws Exception {
        IngressFixture proxy = socks("127.0.0.0/8");
        EmbeddedSocketChannel client = proxy.client();
        send(client, text(header));
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected("proxy_header")).isEqualTo(1);
        assertThat(proxy.rejected("protocol")).isZero();
    }

    /** Version 3; command 3; UDP; addresses cut short, twice. */
    @ParameterizedTest
    @Tag("conformance-e18")
    @ValueSource(
            strings = {
                SIGNATURE + "3111000cc6336407cb00710904d201bb",
                SIGNATURE + "2311000cc6336407cb00710904d201bb",
                SIGNATURE + "2112000cc6336407cb00710904d201bb",
                SIGNATURE + "2111000bc6336407cb00710904d201bb",
                SIGNATURE + "211100040000000000",
            })
    void binaryThatIsNoHeaderIsClosed(String header) throws Exception {
        IngressFixture proxy = socks("127.0.0.0/8");
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(header));
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected("proxy_header")).isEqualTo(1);
    }

    @Test
    void proxyThatClosesBeforeItsHeaderIsCountedOnce() throws Exception {
        IngressFixture proxy = socks("127.0.0.0/8");
        EmbeddedSocketChannel client = proxy.client();
        send(client, text("PROXY TCP4 198."));
        client.receiveFin();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected("proxy_header")).isEqualTo(1);
        assertThat(proxy.rejected("protocol")).isZero();
    }

    @Test
    void forwardWaitsForTheHeaderAndPassesOnWhatComesBehindIt() throws Exception {
        IngressFixture proxy = forward(ProxyHeader.NONE, "127.0.0.0/8");
        EmbeddedSocketChannel client = proxy.client();
        assertThat(OutsideChannel.opened()).isZero();
        send(client, text(TEXT + "early"));
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last())).isEqualTo(text("early"));
        assertThat(client.pipeline().names()).doesNotContain("guard");
    }

    @Test
    void targetIsToldWhoTheClientIsOnceAndFirst() throws Exception {
        EmbeddedSocketChannel client = forward(ProxyHeader.V1).client();
        send(client, text("early"));
        OutsideChannel.last().connect();
        send(client, text("late"));
        assertThat(received(OutsideChannel.last()))
                .isEqualTo(text("PROXY TCP4 127.0.0.1 127.0.0.1 50000 1080\r\nearlylate"));
    }

    @Test
    void targetIsToldWhatTheTrustedProxyHasTold() throws Exception {
        EmbeddedSocketChannel client = forward(ProxyHeader.V2, "127.0.0.0/8").client();
        send(client, text(TEXT));
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last())).isEqualTo(hex(BINARY));
    }

    @Test
    void clientOfOneFamilyAtAnAddressOfAnotherIsTold() throws Exception {
        EmbeddedSocketChannel client = forward(ProxyHeader.V1, "127.0.0.0/8").client();
        send(client, text("PROXY TCP6 ::ffff:198.51.100.7 2001:db8::9 1234 443\r\n"));
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last()))
                .isEqualTo(text("PROXY TCP6 ::ffff:198.51.100.7 2001:db8::9 1234 443\r\n"));
    }

    @Test
    void clientOfOneFamilyAtAnAddressOfAnotherIsToldInBinary() throws Exception {
        EmbeddedSocketChannel client = forward(ProxyHeader.V2, "127.0.0.0/8").client();
        send(client, text("PROXY TCP6 ::ffff:198.51.100.7 2001:db8::9 1234 443\r\n"));
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last()))
                .isEqualTo(hex(SIGNATURE + "21210024" + "00000000000000000000ffffc6336407"
                        + "20010db8000000000000000000000009" + "04d2" + "01bb"));
    }

    private static Subscriber subscriber(EmbeddedSocketChannel client, Identity identity) {
        return ClientIdentity.subscriber(
                client, ClientIdentity.internal(client), new SubscriberConfig(identity, 32, 64));
    }

    private static IngressFixture socks(String... trustedProxies) {
        return new IngressFixture(
                ListenerConfig.Type.SOCKS,
                ExhaustionAction.REFUSE,
                listener -> listener.withTrustedProxies(prefixes(trustedProxies)));
    }

    private static IngressFixture forward(ProxyHeader version, String... trustedProxies) {
        return new IngressFixture(
                ListenerConfig.Type.FORWARD,
                ExhaustionAction.REFUSE,
                listener ->
                        listener.withTrustedProxies(prefixes(trustedProxies)).withSendProxyProtocol(version));
    }

    private static List<inet.ipaddr.IPAddress> prefixes(String... texts) {
        return List.of(texts).stream()
                .map(text -> new IPAddressString(text).getAddress())
                .toList();
    }

    private static byte[] text(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        return ByteBufUtil.decodeHexDump(digits);
    }
}
