package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.AdminToken;
import dev.cgnat.proxy.testing.Api;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whom the admin API turns away, and how it is not worn down. */
@ExtendWith(NoLeaks.class)
class AdminGuardIT {
    private static final String TOKEN = "correct-horse-battery-staple";
    private static final String TOO_MANY = "HTTP/1.1 429 ";
    private static final String DRAIN = "{\"scope\":\"pool:main\"}";

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 \\d{3} ");

    @Test
    void whoeverHasNotTheTokenIsUnauthorised() throws Exception {
        try (Rig rig = start(admin -> admin.withToken(new AdminToken(TOKEN)))) {
            Api api = rig.api();
            assertThat(api.send("GET", "/status", "").status()).isEqualTo(401);
            assertThat(api.send("GET", "/status", "", "Authorization", "Bearer wrong-horse-battery-staple")
                            .status())
                    .isEqualTo(401);
            assertThat(api.send("GET", "/status", "", "Authorization", "Basic " + TOKEN)
                            .status())
                    .isEqualTo(401);
            assertThat(api.send("GET", "/status", "").header("www-authenticate"))
                    .isEqualTo("Bearer");
            assertThat(api.send("GET", "/status", "", "Authorization", "Bearer " + TOKEN)
                            .status())
                    .isEqualTo(200);
            assertThat(raw(rig, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(raw(rig, "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void offLoopbackTheTokenDecidesWhateverTheHost() throws Exception {
        Endpoint everywhere = new Endpoint(Proxies.address("0.0.0.0"), 0);
        try (Rig rig = start(
                admin -> new AdminConfig(everywhere, admin.tokenFile(), Optional.of(new AdminToken(TOKEN)), false))) {
            String request = "GET /api/v1/status HTTP/1.1\r\nHost: nat.example\r\nConnection: close\r\n";
            assertThat(raw(rig, request + "\r\n")).startsWith("HTTP/1.1 401 ");
            assertThat(raw(rig, request + "Authorization: Bearer " + TOKEN + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void pagesOfOthersCanNeitherReadNorChange() throws Exception {
        try (Rig rig = start(UnaryOperator.identity())) {
            Api api = rig.api();
            int port = rig.proxy().adminAddress().getPort();
            assertThat(raw(rig, "GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ");
            assertThat(api.send("POST", "/drain", DRAIN, "Origin", "http://evil.example")
                            .status())
                    .isEqualTo(403);
            assertThat(api.send("POST", "/drain", DRAIN, "Origin", "null").status())
                    .isEqualTo(403);
            assertThat(api.send("POST", "/drain", DRAIN, "Sec-Fetch-Site", "cross-site")
                            .status())
                    .isEqualTo(403);
            assertThat(api.send("DELETE", "/sessions/1", "", "Sec-Fetch-Site", "same-site")
                            .status())
                    .isEqualTo(403);
            assertThat(api.get("/drain").get("drains").size()).isZero();
            assertThat(api.send(
                                    "POST",
                                    "/drain",
                                    DRAIN,
                                    "Origin",
                                    "http://127.0.0.1:" + port,
                                    "Sec-Fetch-Site",
                                    "same-origin")
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void nothingChangesByGet() throws Exception {
        try (Rig rig = start(UnaryOperator.identity())) {
            Api api = rig.api();
            for (String path : List.of("/reload", "/undrain", "/drain?scope=all")) {
                int status = api.send("GET", path, "").status();
                assertThat(status).as(path).isIn(400, 405);
            }
            assertThat(api.send("GET", "/reload", "").header("allow")).isEqualTo("POST");
            assertThat(api.send("PATCH", "/config", "").status()).isEqualTo(405);
            for (String path :
                    List.of("/status", "/pools", "/pools/main", "/sessions", "/events", "/config", "/drain")) {
                assertThat(api.send("HEAD", path, "").status()).as(path).isEqualTo(200);
            }
            assertThat(api.get("/status").get("draining").asBoolean()).isFalse();
            assertThat(api.send("POST", "/drain", "{\"scope\":\"all\",\"colour\":1}")
                            .status())
                    .isEqualTo(400);
            assertThat(api.send("POST", "/drain", "rubbish").status()).isEqualTo(400);
        }
    }

    @Test
    void readOnlyListenerChangesNothing() throws Exception {
        try (Rig rig = start(AdminConfig::withReadOnly)) {
            Api api = rig.api();
            assertThat(api.send("POST", "/drain", DRAIN).status()).isEqualTo(403);
            assertThat(api.send("PUT", "/config", "{}").status()).isEqualTo(403);
            assertThat(api.send("DELETE", "/sessions?subscriber=x&max=1", "").status())
                    .isEqualTo(403);
            assertThat(api.get("/status").get("readOnly").asBoolean()).isTrue();
        }
    }

    /** As many at a time as may stand in line on one connection, as fast as they can be written; a slow machine takes more. */
    @Test
    void thousandRequestsInASecondAreTooMany() throws Exception {
        try (Rig rig = start(UnaryOperator.identity())) {
            String request = "GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n";
            String answers = "";
            for (int round = 0; round < 10 || (round < 100 && !answers.contains(TOO_MANY)); round++) {
                answers = pipelined(rig, request, 100);
                assertThat(count(answers, "HTTP/1.1 200 ") + count(answers, TOO_MANY))
                        .isEqualTo(100);
            }
            assertThat(answers).contains(TOO_MANY, "retry-after: 1");
        }
    }

    @Test
    void hugeBodyIsCutOff() throws Exception {
        try (Rig rig = start(UnaryOperator.identity());
                Socket socket = connect(rig)) {
            String head = "PUT /api/v1/config HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n";
            byte[] body = new byte[64 * 1024];
            Thread writer = new Thread(
                    () -> {
                        write(socket, head.getBytes(StandardCharsets.US_ASCII));
                        for (int i = 0; i < 1600 && write(socket, body); i++) {}
                    },
                    "writer");
            writer.start();
            assertThat(readSome(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
            socket.shutdownInput();
            socket.shutdownOutput();
            writer.join();
            assertThat(rig.api().get("/status").get("status").asString()).isEqualTo("ready");
        }
    }

    @Test
    void bodyThatDoesNotComeIsCutOff() throws Exception {
        try (Rig rig = start(UnaryOperator.identity());
                Socket socket = connect(rig)) {
            socket.setSoTimeout(2 * (int) Wire.GUARD.toMillis());
            write(
                    socket,
                    "PUT /api/v1/config HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 ");
        }
    }

    private static Rig start(UnaryOperator<AdminConfig> admin) throws StartException {
        return Rig.start(Proxies.with(pool("127.0.14.20", 20_000, 20_099)).admin(admin));
    }

    private static Socket connect(Rig rig) throws IOException {
        InetSocketAddress address = rig.proxy().adminAddress();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        socket.setSoTimeout((int) Wire.GUARD.toMillis());
        return socket;
    }

    private static String raw(Rig rig, String request) throws IOException {
        try (Socket socket = connect(rig)) {
            write(socket, request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The answers to {@code request}, which is sent that many times before any is read. */
    private static String pipelined(Rig rig, String request, int times) throws IOException {
        try (Socket socket = connect(rig)) {
            write(socket, request.repeat(times).getBytes(StandardCharsets.US_ASCII));
            StringBuilder answers = new StringBuilder();
            byte[] buffer = new byte[16 * 1024];
            while (STATUS.matcher(answers).results().count() < times) {
                int read = socket.getInputStream().read(buffer);
                assertThat(read).as("bytes behind %s", answers).isPositive();
                answers.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
            }
            return answers.toString();
        }
    }

    /** Whether the far side still listens. */
    private static boolean write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String readSome(InputStream in) throws IOException {
        return new String(in.readNBytes(20), StandardCharsets.UTF_8);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
