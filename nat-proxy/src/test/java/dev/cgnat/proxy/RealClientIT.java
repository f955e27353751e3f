package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** curl, and a real HTTP server. */
@ExtendWith(NoLeaks.class)
class RealClientIT {
    private static final String TEXT = "The quick brown fox. ".repeat(50_000);

    private final Set<InetSocketAddress> peers = ConcurrentHashMap.newKeySet();
    private final HttpServer server = newServer();
    private final Rig rig = newRig(server.getAddress());

    @BeforeEach
    void serve() {
        server.createContext("/", exchange -> {
            peers.add(exchange.getRemoteAddress());
            exchange.sendResponseHeaders(200, TEXT.length());
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(TEXT.getBytes(StandardCharsets.US_ASCII));
            }
        });
        server.start();
    }

    @AfterEach
    void everyRequestCameFromThePool() throws IOException {
        rig.close();
        server.stop(0);
        assertThat(peers).allSatisfy(peer -> {
            assertThat(peer.getAddress().getHostAddress()).isEqualTo("127.0.10.100");
            assertThat(peer.getPort()).isBetween(20_000, 20_099);
        });
    }

    @Test
    void curlBySocks() throws Exception {
        assertThat(curl("--socks5", authority(Proxies.SOCKS), url("127.0.0.1"))).isEqualTo(TEXT);
        assertThat(peers).hasSize(1);
    }

    @Test
    void curlBySocksWithAName() throws Exception {
        assertThat(curl("--socks5-hostname", authority(Proxies.SOCKS), url("localhost")))
                .isEqualTo(TEXT);
        assertThat(peers).hasSize(1);
    }

    @Test
    void curlByConnect() throws Exception {
        assertThat(curl("-p", "-x", "http://" + authority(Proxies.CONNECT), url("127.0.0.1")))
                .isEqualTo(TEXT);
        assertThat(peers).hasSize(1);
    }

    @Test
    void curlByForward() throws Exception {
        assertThat(curl("http://" + authority(Proxies.FORWARD) + "/")).isEqualTo(TEXT);
        assertThat(peers).hasSize(1);
    }

    private String authority(String listener) {
        return "127.0.0.1:" + rig.proxy().address(listener).getPort();
    }

    private String url(String host) {
        return "http://" + host + ":" + server.getAddress().getPort() + "/";
    }

    private static String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Tools.require("curl").toString(), "-sS", "--fail", "--noproxy", "", "--max-time", "20"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Rig newRig(InetSocketAddress target) {
        try {
            return Rig.start(Proxies.with(pool("127.0.10.100", 20_000, 20_099)).forwardTo(target));
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }
}
