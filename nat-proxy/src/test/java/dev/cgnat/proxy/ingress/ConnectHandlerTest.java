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
import org.junit.jupiter.api.Tag;
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
    @Tag("conformance-e11")
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
    @Tag("conformance-e12")
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
    @ValueSource(
            strings = {
                "Content-Length: 3\r\n\r\nabc",
                "Content-Length: 0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: identity\r\n\r\n",
                "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Host: a\r\nHost: b\r\n\r\n",
                "Host: a\r\nHost: a\r\n\r\n",
                "Proxy-Authorization: Basic YTpi\r\nProxy-Authorization: Basic YTpj\r\n\r\n",
                "Host: a\r\n b\r\n\r\n",
                "Host: a\r\n\tX: b\r\n\r\n",
                " Host: a\r\n\r\n",
                "Host: a\n\r\n",
                "Host: a\n\n",
                "Host: a\rX: b\r\n\r\n",
                "Host : a\r\n\r\n",
                "Host\r\n\r\n",
                ": a\r\n\r\n",
                "X: a\0b\r\n\r\n"
            })
    void requestThatTwoServersMayReadInTwoWaysIsNone(String rest) throws Exception {
        String request = "CONNECT 192.0.2.1:80 HTTP/1.1\r\n" + rest;
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii(request));
        assertThat(text(received(client))).startsWith("HTTP/1.1 400 ").containsOnlyOnce("connection: close");
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(OutsideChannel.opened()).isZero();
        assertThat(proxy.rejected()).isEqualTo(1);

        EmbeddedSocketChannel slow = proxy.client();
        for (byte one : ascii(request)) {
            send(slow, new byte[] {one});
        }
        assertThat(text(received(slow))).startsWith("HTTP/1.1 400 ").containsOnlyOnce("connection: close");
        assertThat(OutsideChannel.opened()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT 192.0.2.1:80 HTTP/0.9\r\n\r\n",
                "CONNECT 192.0.2.1:80 HTTP/1.2\r\n\r\n",
                "CONNECT 192.0.2.1:80 HTTP/2.0\r\n\r\n",
                "CONNECT 192.0.2.1:80\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "CONNECT 192.0.2.1:80 HTTP/1.1\nHost: a\r\n\r\n",
                "\0\n\r\nCONNECT 192.0.2.1:80 HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "\5\1\0\r\n\r\n"
            })
    void whatIsNotHttp1IsABadRequest(String request) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii(request));
        assertThat(text(received(client))).startsWith("HTTP/1.1 400 ");
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(OutsideChannel.opened()).isZero();
    }

    @Test
    void clientOfHttp10IsServedToo() throws Exception { // http.client of Python before 3.12
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii("CONNECT 192.0.2.1:80 HTTP/1.0\r\n\r\nearly"));
        OutsideChannel.last().connect();
        assertThat(text(received(client))).startsWith("HTTP/1.1 200 ");
        assertThat(text(received(OutsideChannel.last()))).isEqualTo("early");
    }

    @Test
    void requestOfHttp10WithABodyIsNone() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii("CONNECT 192.0.2.1:80 HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"));
        assertThat(text(received(client))).startsWith("HTTP/1.1 400 ");
        assertThat(OutsideChannel.opened()).isZero();
    }

    @Test
    void emptyLineBeforeTheRequestIsPassedOver() throws Exception { // RFC 9112 section 2.2
        send(proxy.client(), ascii("\r\n" + CONNECT));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
    }

    @Test
    @Tag("conformance-e11")
    void foldedLinesOfTheTunnelAreNobodysBusiness() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, ascii(CONNECT + "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n"));
        OutsideChannel.last().connect();
        assertThat(text(received(OutsideChannel.last()))).isEqualTo("GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n");
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
    void lineMayHave8KibAndNoMore() throws Exception {
        String head = "CONNECT [2001:db8::1]:80/"; // not an authority, so that only the length decides what is wrong
        String tail = " HTTP/1.1";
        EmbeddedSocketChannel fits = proxy.client();
        send(fits, ascii(head + "a".repeat(8 * 1024 - head.length() - tail.length()) + tail + "\r\n\r\n"));
        assertThat(text(received(fits))).startsWith("HTTP/1.1 400 ");
        EmbeddedSocketChannel longer = proxy.client();
        send(longer, ascii(head + "a".repeat(8 * 1024 + 1 - head.length() - tail.length()) + tail + "\r\n\r\n"));
        assertThat(text(received(longer))).startsWith("HTTP/1.1 414 ");
        EmbeddedSocketChannel endless = proxy.client();
        send(endless, ascii("C".repeat(8 * 1024 + 2)));
        assertThat(text(received(endless))).startsWith("HTTP/1.1 414 ");
    }

    @Test
    void headerMayHave16KibAndNoMore() throws Exception {
        EmbeddedSocketChannel fits = proxy.client();
        send(fits, ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\nX: " + "a".repeat(16 * 1024 - 3) + "\r\n\r\n"));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
        EmbeddedSocketChannel longer = proxy.client();
        send(longer, ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\nX: " + "a".repeat(16 * 1024 - 2) + "\r\n\r\n"));
        assertThat(text(received(longer))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void headerMayHave64FieldsAndNoMore() throws Exception {
        send(proxy.client(), ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\n" + "X: a\r\n".repeat(64) + "\r\n"));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
        EmbeddedSocketChannel more = proxy.client();
        send(more, ascii("CONNECT 192.0.2.1:80 HTTP/1.1\r\n" + "X: a\r\n".repeat(65) + "\r\n"));
        assertThat(text(received(more))).startsWith("HTTP/1.1 431 ");
        assertThat(proxy.rejected()).isEqualTo(1);
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
    @Tag("conformance-e17")
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
    @Tag("conformance-e17")
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
    @Tag("conformance-e17")
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
