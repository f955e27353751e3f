package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocksHandlerTest {
    private static final String GREETING = "050100";
    private static final String CONNECT = "05010001c00002010050"; // 192.0.2.1:80
    private static final String SUCCESS = "050000017f0001019c40"; // from 127.0.1.1:40000

    private final IngressFixture proxy = new IngressFixture(ListenerConfig.Type.SOCKS, ExhaustionAction.REFUSE);

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
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
    void handshakeComesByteByByte() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        for (byte one : hex(GREETING + CONNECT)) {
            send(client, new byte[] {one});
        }
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex("0500" + SUCCESS));
    }

    @Test
    void handshakeAndPayloadComeInOneSegment() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(GREETING + CONNECT + "aabb"));
        send(client, hex("cc"));
        assertThat(received(OutsideChannel.last())).isEmpty();
        OutsideChannel.last().connect();
        assertThat(received(client)).isEqualTo(hex("0500" + SUCCESS));
        assertThat(received(OutsideChannel.last())).isEqualTo(hex("aabbcc"));
    }

    @ParameterizedTest
    @CsvSource({
        "0500, 05ff", // no method at all
        "050102, 05ff", // user and password alone
        "05020102, 05ff",
        "0502020005, 0500"
    })
    void methodIsChosenOrNoneIs(String greeting, String answer) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex(greeting));
        assertThat(received(client)).isEqualTo(hex(answer));
        if (answer.equals("05ff")) {
            assertThat(client.isOutputShutdown()).isTrue();
            assertThat(proxy.rejected()).isEqualTo(1);
        }
    }

    @Test
    void anotherVersionIsClosedWithoutAWord() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, hex("04010050c0000201"));
        assertThat(received(client)).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "05020001c00002010050, 07", // BIND
        "05030001c00002010050, 07", // UDP ASSOCIATE
        "05090001c00002010050, 07",
        "05010002c00002010050, 08", // unknown type of address
        "05010001c00002010000, 04", // port 0
        "0501000304612062630050, 04", // a blank in a name
        "0501000304610062630050, 04", // NUL in a name
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

    @ParameterizedTest
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
