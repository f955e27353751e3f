package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.Users;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.buffer.ByteBufUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SOCKS 4 and 4A, on the port of SOCKS 5. */
class Socks4HandlerTest {
    private static final String CONNECT = "04010050c0000201" + "7500"; // 192.0.2.1:80, user id "u"
    private static final String BY_NAME = "0401005000000001" + "00" + "6c6f63616c00"; // local:80, no user id
    private static final String GRANTED = "005a9c407f000101"; // from 127.0.1.1:40000
    private static final String REJECTED = "005b000000000000";

    private final IngressFixture proxy = new IngressFixture(ListenerConfig.Type.SOCKS, ExhaustionAction.REFUSE);

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    void flowOpensAndCarriesBytesBothWays() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(CONNECT + "aabb"));
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex(GRANTED));
        assertThat(received(OutsideChannel.last())).isEqualTo(hex("aabb"));
        send(OutsideChannel.last(), hex("cc"));
        assertThat(received(client)).isEqualTo(hex("cc"));
        assertThat(client.pipeline().names()).doesNotContain("decoder", "encoder", "front-end", "guard", "pending");
    }

    @Test
    void nameOf4aIsResolvedHere() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        for (byte one : hex(BY_NAME)) {
            send(client, new byte[] {one});
        }
        proxy.resolving.remove().setSuccess(InetAddress.getByName("192.0.2.7"));
        client.runPendingTasks();
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex(GRANTED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "04020050c000020100", // BIND
                "04090050c000020100",
                "04010000c000020100", // port 0
                "040100500000000100" + "00", // no name
                "040100500000000100" + "61206200", // a blank in a name
                "040100500000000000" // 0.0.0.0
            })
    void whatCannotBeDoneIsRejected(String request) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(request));
        assertThat(received(client)).isEqualTo(hex(REJECTED));
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(proxy.resolutions).isZero();
        assertThat(OutsideChannel.opened()).isZero();
        IngressFixture.pass(client, Duration.ofSeconds(5));
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"04010050c0000201", "040100500000000100"})
    void fieldWithoutAnEndIsRejectedAt255Bytes(String head) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(head + "61".repeat(255)));
        assertThat(received(client)).isEmpty();
        send(client, hex("61"));
        assertThat(received(client)).isEqualTo(hex(REJECTED));
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @Test
    void refusalAndFailureAreOneCode() throws Exception {
        EmbeddedSocketChannel first = proxy.client();
        send(first, hex(CONNECT));
        EmbeddedSocketChannel second = proxy.client();
        send(second, hex(CONNECT));
        assertThat(received(second)).isEqualTo(hex(REJECTED));
        assertThat(proxy.opened("no_port")).isEqualTo(1);
        OutsideChannel.last().failConnect(new ConnectException("connect(..) failed: refused"));
        assertThat(received(first)).isEqualTo(hex(REJECTED));
        assertThat(proxy.opened("refused")).isEqualTo(1);
    }

    @Test
    void userIdProvesNothing() throws Exception {
        IngressFixture closed = new IngressFixture(
                ListenerConfig.Type.SOCKS,
                ExhaustionAction.REFUSE,
                listener -> listener.withUsers(new Users(Map.of("u", "secret"))));
        EmbeddedSocketChannel client = closed.client();
        send(client, hex(CONNECT));
        assertThat(received(client)).isEqualTo(hex("005d000000000000"));
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(closed.rejected("auth")).isEqualTo(1);
        assertThat(OutsideChannel.opened()).isZero();
    }

    private static byte[] hex(String digits) {
        return ByteBufUtil.decodeHexDump(digits);
    }
}
