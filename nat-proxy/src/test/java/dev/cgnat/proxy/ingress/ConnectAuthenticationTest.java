package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.Users;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP CONNECT where a name has to be proved (RFC 7617). */
class ConnectAuthenticationTest {
    private final IngressFixture proxy = new IngressFixture(
            ListenerConfig.Type.HTTP_CONNECT,
            ExhaustionAction.REFUSE,
            listener -> listener.withUsers(new Users(Map.of("alice", "se:cret", "zo\u00eb", "p\u00e4ss"))));

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    void rightPasswordOpensTheWay() throws Exception {
        send(proxy.client(), request("Basic " + base64("alice:se:cret")));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
        assertThat(proxy.rejected("auth")).isZero();
    }

    @Test
    void lettersBeyondAsciiAreUtf8() throws Exception {
        send(proxy.client(), request("Basic " + base64("zo\u00eb:p\u00e4ss")));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
    }

    @Test
    void schemeIsWrittenInAnyCase() throws Exception {
        send(proxy.client(), request("bASIC  " + base64("alice:se:cret")));
        assertThat(OutsideChannel.last().isConnecting()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic YWxpY2U6c2U6Y3JldA==x", // alice:se:cret, and a letter behind
                "Basic YWxpY2U6c2U6Y3Jld", // cut off amid
                "Basic YWxpY2U=", // alice
                "Basic YWxpY2U6", // alice:
                "Basic YWxpY2U6c2U6Y3JlVA==", // alice:se:creT
                "Basic Om5vYm9keQ==", // :nobody
                "Basic *",
                "Digest YWxpY2U6c2U6Y3JldA==",
                "YWxpY2U6c2U6Y3JldA=="
            })
    void anythingElseIsAskedForAPassword(String credentials) throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, request(credentials));
        assertThat(new String(received(client), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 407 ")
                .containsIgnoringCase("\r\nproxy-authenticate: Basic realm=\"natproxy\", charset=\"UTF-8\"\r\n")
                .containsOnlyOnce("connection: close");
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(OutsideChannel.opened()).isZero();
        assertThat(proxy.rejected("auth")).isEqualTo(1);
        assertThat(proxy.rejected()).isZero();
    }

    @Test
    void requestWithoutCredentialsIsAskedForThem() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, "CONNECT 192.0.2.1:80 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(received(client), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 407 ");
    }

    @Test
    void strangerLearnsNothingOfWhatIsAllowed() throws Exception {
        EmbeddedSocketChannel client = proxy.client();
        send(client, "CONNECT nowhere HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(received(client), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 407 ");
    }

    @Test
    void credentialsShowTheirNameAlone() {
        assertThat(BasicCredentials.parse("Basic " + base64("alice:se:cret")))
                .contains(new BasicCredentials("alice", "se:cret"))
                .get()
                .hasToString("alice");
    }

    private static byte[] request(String credentials) {
        return ("CONNECT 192.0.2.1:80 HTTP/1.1\r\nHost: 192.0.2.1:80\r\nProxy-Authorization: " + credentials
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
