package dev.cgnat.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private final AtomicReference<Readiness> readiness = new AtomicReference<>(AdminClient.READY);
    private final ProxyMeters meters = AdminClient.meters();
    private AdminServer server = start(meters);

    @BeforeEach
    void listensOnLoopback() {
        assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(server.address().getPort()).isPositive();
    }

    @AfterEach
    void close() {
        server.close();
        meters.close();
    }

    @Test
    void metricsAreServedAsText() {
        HttpResponse<String> response = get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(AdminClient.header(response, "content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(AdminClient.header(response, "cache-control")).isEqualTo("no-store");
        assertThat(response.body()).contains("# HELP cgn_pool_ports ").contains("jvm_memory_used_bytes{");
    }

    @Test
    void metricsAreServedAsOpenMetricsToWhoeverAcceptsIt() {
        HttpResponse<String> response =
                AdminClient.send(request("/metrics").header("Accept", "application/openmetrics-text; version=1.0.0"));
        assertThat(AdminClient.header(response, "content-type"))
                .startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    void processThatAnswersIsAlive() {
        readiness.set(Readiness.of(Readiness.Check.failed("drain", "draining")));
        HttpResponse<String> response = get("/healthz");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"alive\",\"checks\":[]}");
    }

    @Test
    void readinessFollowsItsChecks() {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body())
                .isEqualTo("{\"status\":\"ready\",\"checks\":[{\"name\":\"drain\",\"ok\":true}]}");
        readiness.set(Readiness.of(
                Readiness.Check.passed("listeners"),
                Readiness.Check.failed("drain", "draining: no new flows are taken")));
        HttpResponse<String> unready = get("/readyz");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(AdminClient.header(unready, "content-type")).isEqualTo("application/json");
        assertThat(unready.body())
                .isEqualTo("{\"status\":\"unready\",\"checks\":[{\"name\":\"listeners\",\"ok\":true},"
                        + "{\"name\":\"drain\",\"ok\":false,\"reason\":\"draining: no new flows are taken\"}]}");
        readiness.set(AdminClient.READY);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/",
                "/assets/index.html",
                "/assets/../logback.xml",
                "/metric",
                "/metricsx",
                "/metrics/x",
                "/api/v1/status",
                "/..%2fmetrics"
            })
    void otherPathsAreNotFound(String path) {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(AdminClient.header(response, "content-type")).isEqualTo("application/problem+json");
        assertThat(response.body()).startsWith("{\"title\":\"Not Found\",\"status\":404,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void otherMethodsAreNotAllowed(String method) {
        for (String path : List.of("/metrics", "/healthz", "/readyz")) {
            HttpResponse<String> response =
                    AdminClient.send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(AdminClient.header(response, "allow")).isEqualTo("GET, HEAD");
        }
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:9477",
                "LocalHost",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.9.8.7",
                "[::1]:9477"
            })
    void loopbackNamesAreAnswered(String host) throws IOException {
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9477",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "10.0.0.1",
                "0.0.0.0",
                "[2001:db8::1]",
                "localhost@evil.example",
                "a b",
                "*"
            })
    void namesThatAnybodyMayOwnAreMisdirected(String host) throws IOException {
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ")
                .doesNotContain("cgn_");
    }

    @Test
    void requestWithoutOneHostIsRefused() throws IOException {
        assertThat(raw("GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 4");
        assertThat(raw("GET /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.").contains(" 421 ");
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    @Test
    void requestThatIsTooLongIsRefused() throws IOException {
        String headers = "X-Long: " + "x".repeat(9000) + "\r\n";
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(raw("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(raw("\0\1\2 rubbish\r\n\r\n")).startsWith("HTTP/1.").contains(" 400 ");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void connectionsBeyondTheCapAreClosed() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < HttpListener.MAX_CONNECTIONS; i++) {
                open.add(connected());
            }
            // They are accepted in order, so those above are admitted before this one is looked at.
            try (Socket one = connected();
                    InputStream in = one.getInputStream()) {
                assertThatClosed(in);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        await().atMost(Wire.GUARD)
                .ignoreExceptions()
                .until(() -> get("/healthz").statusCode() == 200);
    }

    @Test
    void addressThatIsTakenIsNamed() {
        Endpoint taken = Endpoint.from(server.address());
        assertThatThrownBy(() ->
                        AdminServer.start(new AdminConfig(taken), MetricsConfig.defaults(), meters, readiness::get))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith(
                        "admin.bind: " + taken + " cannot be bound: Address already in use (expected: ");
        MetricsConfig metrics = new MetricsConfig(Optional.of(taken), List.of());
        assertThatThrownBy(
                        () -> AdminServer.start(new AdminConfig(AdminClient.ANY_PORT), metrics, meters, readiness::get))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("metrics.bind: " + taken + " cannot be bound: ");
        server.close();
        await().atMost(Wire.GUARD).until(() -> adminThreads().isEmpty());
    }

    @RepeatedTest(10) // a connection that is just being accepted must not be forgotten
    void closingEndsConnectionsAndThreads() throws IOException {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(adminThreads()).isNotEmpty();
        try (Socket idle = connected();
                InputStream in = idle.getInputStream()) {
            long started = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isLessThan(Duration.ofSeconds(30)); // a connection may be idle for longer
            assertThatClosed(in);
        }
        await().atMost(Wire.GUARD).until(() -> adminThreads().isEmpty());
        assertThatThrownBy(this::connected).isInstanceOf(IOException.class);
    }

    @Test
    void failureOfACallbackIsAnErrorAndNothingMore() {
        ProxyMeters broken = new ProxyMeters(AdminClient.config(), "nio", () -> {
            throw new IllegalStateException("no snapshot");
        });
        server.close();
        server = start(broken);
        assertThat(get("/metrics").statusCode()).isEqualTo(500);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        broken.close();
    }

    private AdminServer start(ProxyMeters source) {
        return AdminClient.start(MetricsConfig.defaults(), source, readiness::get);
    }

    private HttpResponse<String> get(String path) {
        return AdminClient.send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return AdminClient.request(server.address(), path);
    }

    private String raw(String request) throws IOException {
        return AdminClient.raw(server.address(), request);
    }

    /** By a FIN, or by a reset if it was never accepted. */
    private static void assertThatClosed(InputStream in) throws IOException {
        try {
            assertThat(in.read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private Socket connected() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout((int) Wire.GUARD.toMillis());
        return socket;
    }

    private static List<String> adminThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .map(Map.Entry::getKey)
                .map(Thread::getName)
                .filter(name -> name.startsWith("natproxy-admin"))
                .toList();
    }
}
