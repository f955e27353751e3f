package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import inet.ipaddr.IPAddressString;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long, and how often at a time, a client may leave its request incomplete. */
class HandshakeGuardTest {
    private static final byte[] SOCKS_CONNECT = ByteBufUtil.decodeHexDump("05010005010001c00002010050");

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @ParameterizedTest
    @EnumSource(
            value = ListenerConfig.Type.class,
            names = {"SOCKS", "HTTP_CONNECT"})
    void oneMoreThanTheLimitIsResetUntilAnotherIsOver(ListenerConfig.Type type) throws Exception {
        IngressFixture proxy = limitedTo(2, type, UnaryOperator.identity());
        EmbeddedSocketChannel first = proxy.client("192.0.2.1");
        EmbeddedSocketChannel second = proxy.client("192.0.2.1");
        assertThat(proxy.client("192.0.2.1").wasReset()).isTrue();
        assertThat(proxy.rejected("limit")).isEqualTo(1);
        assertThat(proxy.client("192.0.2.2").isOpen()).isTrue();
        assertThat(proxy.handshakes.sources()).isEqualTo(2);

        first.close();
        first.runPendingTasks();
        assertThat(proxy.client("192.0.2.1").isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void completeRequestCountsNoMore() throws Exception {
        IngressFixture proxy = limitedTo(1, ListenerConfig.Type.SOCKS, UnaryOperator.identity());
        EmbeddedSocketChannel flow = proxy.client();
        send(flow, SOCKS_CONNECT);
        assertThat(proxy.handshakes.sources()).isZero();
        EmbeddedSocketChannel refused = proxy.client(); // the pool has one port
        send(refused, SOCKS_CONNECT);
        assertThat(received(refused)).startsWith(ByteBufUtil.decodeHexDump("05000501"));
        assertThat(proxy.client().isOpen()).isTrue();
        assertThat(proxy.rejected("limit")).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = ListenerConfig.Type.class,
            names = {"SOCKS", "HTTP_CONNECT"})
    void clientThatWasToldItsMistakeCountsUntilItHasGone(ListenerConfig.Type type) throws Exception {
        IngressFixture proxy = limitedTo(1, type, UnaryOperator.identity());
        byte[] nonsense = type == ListenerConfig.Type.SOCKS
                ? new byte[] {5, 1, 9}
                : "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        EmbeddedSocketChannel told = proxy.client();
        send(told, nonsense);
        assertThat(received(told)).isNotEmpty();
        assertThat(told.isOutputShutdown()).isTrue();
        assertThat(told.isOpen()).isTrue();
        assertThat(proxy.client().wasReset()).isTrue();

        told.receiveFin();
        told.runPendingTasks();
        assertThat(told.isOpen()).isFalse();
        assertThat(proxy.handshakes.sources()).isZero();
        assertThat(proxy.rejected("protocol")).isEqualTo(1);

        EmbeddedSocketChannel stays = proxy.client();
        send(stays, nonsense);
        IngressFixture.pass(stays, Duration.ofSeconds(5));
        stays.runPendingTasks();
        assertThat(stays.isOpen()).isFalse();
        assertThat(proxy.handshakes.sources()).isZero();
        assertThat(proxy.rejected("protocol")).isEqualTo(2);
    }

    @Test
    void nothingIsKeptOfASourceThatHasGone() throws Exception {
        IngressFixture proxy = limitedTo(5, ListenerConfig.Type.SOCKS, UnaryOperator.identity());
        EmbeddedSocketChannel closes = proxy.client("192.0.2.1");
        EmbeddedSocketChannel resets = proxy.client("192.0.2.2");
        EmbeddedSocketChannel errs = proxy.client("192.0.2.3");
        EmbeddedSocketChannel waits = proxy.client("192.0.2.4");
        assertThat(proxy.handshakes.sources()).isEqualTo(4);
        closes.receiveFin();
        resets.receiveReset();
        send(errs, new byte[] {9});
        IngressFixture.pass(waits, proxy.config.timeouts().handshake());
        for (EmbeddedSocketChannel gone : List.of(closes, resets, errs, waits)) {
            gone.runPendingTasks();
            assertThat(gone.isOpen()).isFalse();
        }
        assertThat(proxy.handshakes.sources()).isZero();
    }

    @Test
    void addressesOfOnePrefixAreOneSource() throws Exception {
        IngressFixture proxy = limitedTo(1, ListenerConfig.Type.SOCKS, UnaryOperator.identity());
        assertThat(proxy.client("2001:db8::1").isOpen()).isTrue();
        assertThat(proxy.client("2001:db8::2").wasReset()).isTrue();
        assertThat(proxy.client("2001:db8:0:1::1").isOpen()).isTrue();
    }

    @Test
    void trustedProxyBringsAsManyAsItLikes() throws Exception {
        IngressFixture proxy = limitedTo(
                1,
                ListenerConfig.Type.SOCKS,
                listener -> listener.withTrustedProxies(List.of(new IPAddressString("192.0.2.0/24").getAddress())));
        assertThat(proxy.client("192.0.2.1").isOpen()).isTrue();
        assertThat(proxy.client("192.0.2.1").isOpen()).isTrue();
        assertThat(proxy.handshakes.sources()).isZero();
    }

    @Test
    void forwardHasNoHandshake() throws Exception {
        IngressFixture proxy = limitedTo(1, ListenerConfig.Type.FORWARD, UnaryOperator.identity());
        assertThat(proxy.client().isOpen()).isTrue();
        assertThat(proxy.handshakes.sources()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = ListenerConfig.Type.class,
            names = {"SOCKS", "HTTP_CONNECT"})
    void byteNowAndThenDoesNotPutOffTheDeadline(ListenerConfig.Type type) throws Exception {
        IngressFixture proxy = limitedTo(LimitConfig.NONE, type, UnaryOperator.identity());
        EmbeddedSocketChannel client = proxy.client();
        Duration step = proxy.config.timeouts().handshake().dividedBy(10);
        byte[] head = type == ListenerConfig.Type.SOCKS
                ? new byte[] {5, 20, 0, 1, 2, 3, 4, 5, 6, 7}
                : "CONNECT he".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 9; i++) {
            send(client, new byte[] {head[i]});
            IngressFixture.pass(client, step);
            assertThat(client.isOpen()).isTrue();
        }
        send(client, new byte[] {head[9]});
        IngressFixture.pass(client, step);
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    private static IngressFixture limitedTo(
            int perSource, ListenerConfig.Type type, UnaryOperator<ListenerConfig> change) {
        return new IngressFixture(
                type, ExhaustionAction.REFUSE, change, SubscriberConfig.defaults(), LimitConfig.defaults(), perSource);
    }
}
