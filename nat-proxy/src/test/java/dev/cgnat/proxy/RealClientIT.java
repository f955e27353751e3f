package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.Users;
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
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl, and a real HTTP server. */
@ExtendWith(NoLeaks.class)
class RealClientIT {
    private static final String SOCKS_FOR_USERS = "socks-for-users";
    private static final String CONNECT_FOR_USERS = "connect-for-users";
    private static final String TEXT = "The quick brown fox. ".repeat(50_000);

    /** Of each request; a flow may have the port of one before it. */
    private final Queue<InetSocketAddress> peers = new ConcurrentLinkedQueue<>();

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

    @ParameterizedTest
    @ValueSource(strings = {"socks4", "socks4a", "socks5", "socks5h"})
    void curlBySocks(String scheme) throws Exception {
        String host = scheme.equals("socks4a") || scheme.equals("socks5h") ? "localhost" : "127.0.0.1";
        assertThat(curl("--proxy", scheme + "://" + authority(Proxies.SOCKS), url(host)))
                .isEqualTo(TEXT);
        assertThat(curl("--proxy", scheme + "://anybody:anything@" + authority(Proxies.SOCKS), url(host)))
                .isEqualTo(TEXT);
        assertThat(peers).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5", "socks5h"})
    void curlBySocksWithAPassword(String scheme) throws Exception {
        String address = "@" + authority(SOCKS_FOR_USERS);
        assertThat(curl("--proxy", scheme + "://zo%C3%AB:p%C3%A4ss%3Aword" + address, url("localhost")))
                .isEqualTo(TEXT);
        assertThat(peers).hasSize(1);
        int cannotConnectToProxy = 97;
        for (String other :
                new String[] {scheme + "://zo%C3%AB:pass" + address, scheme + "://" + authority(SOCKS_FOR_USERS)}) {
            assertThat(run("--proxy", other, url("localhost")).exitCode()).isEqualTo(cannotConnectToProxy);
        }
        assertThat(peers).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks4", "socks4a"})
    void curlBySocks4IsNobody(String scheme) throws Exception {
        String proxy = scheme + "://zo%C3%AB@" + authority(SOCKS_FOR_USERS);
        assertThat(run("--proxy", proxy, url("127.0.0.1")).exitCode()).isEqualTo(97);
        assertThat(peers).isEmpty();
    }

    @Test
    void curlByConnect() throws Exception {
        assertThat(curl("-p", "-x", "http://" + authority(Proxies.CONNECT), url("127.0.0.1")))
                .isEqualTo(TEXT);
        assertThat(peers).hasSize(1);
    }

    @Test
    void curlByConnectWithAPassword() throws Exception {
        String proxy = "http://" + authority(CONNECT_FOR_USERS);
        String password = "zo\u00eb:p\u00e4ss:word";
        assertThat(curl("-p", "-x", proxy, "--proxy-basic", "-U", password, url("localhost")))
                .isEqualTo(TEXT);
        assertThat(curl("-p", "-x", proxy, "--proxy-anyauth", "-U", password, url("localhost")))
                .as("asked first, and told by the challenge")
                .isEqualTo(TEXT);
        assertThat(peers).hasSize(2);
        Result wrong = run("-p", "-x", proxy, "-w", "%{http_connect}", "-U", "zo\u00eb:pass", url("localhost"));
        assertThat(wrong.exitCode()).isEqualTo(22); // an HTTP status, by --fail
        assertThat(wrong.output()).contains("407");
        assertThat(peers).hasSize(2);
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
        Result result = run(arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private static Result run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Tools.require("curl").toString(), "-sS", "--fail", "--noproxy", "", "--max-time", "60"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8"); // the encoding of the arguments
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output);
    }

    /** How curl ended, and what it printed. */
    private record Result(int exitCode, String output) {}

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Rig newRig(InetSocketAddress target) {
        try {
            return Rig.start(Proxies.with(pool("127.0.10.100", 20_000, 20_099))
                    .forwardTo(target)
                    .listener(forUsers(SOCKS_FOR_USERS, ListenerConfig.Type.SOCKS))
                    .listener(forUsers(CONNECT_FOR_USERS, ListenerConfig.Type.HTTP_CONNECT)));
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ListenerConfig forUsers(String name, ListenerConfig.Type type) {
        Endpoint anyPort = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);
        return new ListenerConfig(name, type, anyPort, Optional.empty(), "main")
                .withUsers(new Users(Map.of("zo\u00eb", "p\u00e4ss:word")));
    }
}
