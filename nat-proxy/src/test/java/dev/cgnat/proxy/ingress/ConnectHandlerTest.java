package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectHandlerTest {
    private static final String CONNECT = "CONNECT 192.0.2.1:80 HTTP/1.1\r\nHost: 192.0.2.1:80\r\n\r\n";

    private final IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    void nextByteAfterTheAnswerIsTunnelled() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii(CONNECT + "early"));
        OutsideChannel.last().connect();
        assertThat(text(received(client)))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
        assertThat(text(received(OutsideChannel.last()))).isEqualTo("early");
        send(OutsideChannel.last(), ascii("HTTP/1.1 this is not ours"));
        assertThat(text(received(client))).isEqualTo("HTTP/1.1 this is not ours");
    }

    @Test
    void requestComesByteByByte() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        for (byte one : ascii(CONNECT)) {
            send(client, new byte[] {one});
        }
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "192.0.2.1:0",
                "192.0.2.1:65536",
                "user@192.0.2.1:80",
                "192.0.2.1:80/path",
                "http://192.0.2.1:80/",
                "2001:db8::1:80"
            })
    void destinationMustBeHostAndPort(String target) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii("CONNECT " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        assertThat(text(received(client))).startsWith("HTTP/1.1 400 ");
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(OutsideChannel.opened()).isZero();
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
    void requestWithABodyIsNone(String header) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\n" + header + "\r\n\r\nabc"));
        assertThat(text(received(client))).startsWith("HTTP/1.1 400 ").containsOnlyOnce("connection: close");
        assertThat(OutsideChannel.opened()).isZero();
    }

    @Test
    void otherMethodsAreNotAllowedAndAnsweredOnce() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        String get = "GET http://192.0.2.1/ HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n";
        send(client, ascii(get + get));
        assertThat(text(received(client)))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("allow: CONNECT")
                .containsOnlyOnce("connection: close");
        assertThat(proxy.rejected()).isEqualTo(1);
    }

    @Test
    void longLinesAndHeadersHaveTheirCodes() throws Exception {
        EmbeddedSocketChannel line = proxy.client();
        send(line, ascii("CONNECT " + "a".repeat(9_000) + ":80 HTTP/1.1\r\n\r\n"));
        assertThat(text(received(line))).startsWith("HTTP/1.1 414 ");
        EmbeddedSocketChannel header = proxy.client();
        send(header, ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\nX: " + "a".repeat(17_000) + "\r\n\r\n"));
        assertThat(text(received(header))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void clientThatClosesInItsHeadersIsCountedOnceAndClosed() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\nHo"));
        client.receiveFin();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.rejected()).isEqualTo(1);
        assertThat(proxy.opened()).isZero();
    }

    @Test
    void emptyPoolIsUnavailableAndSaysWhy() throws Exception {
        send(proxy.client(), ascii(CONNECT));
        EmbeddedSocketChannel second = proxy.client();
        send(second, ascii(CONNECT));
        assertThat(text(received(second)))
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("proxy-status: natproxy; error=connection_limit_reached; details=\"exhausted\"")
                .doesNotContainIgnoringCase("retry-after"); // nobody knows when
    }

    @ParameterizedTest
    @CsvSource({
        "connection refused, 502, connection_refused",
        "no route to host, 502, destination_ip_unroutable",
        "connection timed out, 504, connection_timeout"
    })
    void failureOfTheDestinationHasItsCode(String words, String status, String error) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii(CONNECT));
        OutsideChannel.last().failConnect(new IOException(words));
        assertThat(text(received(client)))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("error=" + error);
    }

    @Test
    void connectTimeoutIsAGatewayTimeout() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii(CONNECT));
        OutsideChannel.last().failConnect(new ConnectTimeoutException("connection timed out after 10000 ms"));
        assertThat(text(received(client))).startsWith("HTTP/1.1 504 ");
        assertThat(proxy.opened("timeout")).isEqualTo(1);
    }

    @Test
    void nameThatDoesNotExistIsABadGateway() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii("CONNECT nowhere.invalid:80 HTTP/1.1\r\n\r\n"));
        assertThat(text(received(client))).startsWith("HTTP/1.1 502 ").contains("error=dns_error");
        assertThat(proxy.opened("unreachable")).isEqualTo(1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }
}
