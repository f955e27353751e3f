package dev.cgnat.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.metrics.ProxyMeters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The listener for {@code /metrics} alone. */
class MetricsListenerTest {
    private final ProxyMeters meters = AdminClient.meters();
    private AdminServer server = start(List.of());
    private InetSocketAddress address = server.metricsAddress().orElseThrow();

    @AfterEach
    void close() {
        server.close();
        meters.close();
    }

    @Test
    void metricsListenerServesNothingElse() {
        assertThat(address.getPort()).isNotEqualTo(server.address().getPort());
        assertThat(AdminClient.send(AdminClient.request(address, "/metrics")).body())
                .contains("cgn_pool_ports{");
        for (String path : List.of("/healthz", "/readyz", "/", "/api/v1/status")) {
            assertThat(AdminClient.send(AdminClient.request(address, path)).statusCode())
                    .isEqualTo(404);
        }
        assertThat(AdminClient.send(AdminClient.request(address, "/metrics").DELETE())
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void headIsAnsweredAsGetWithoutTheBody() throws IOException {
        for (InetSocketAddress listener : List.of(address, server.address())) {
            String request = "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            assertThat(AdminClient.raw(listener, request))
                    .startsWith("HTTP/1.1 200 ")
                    .containsPattern("(?i)content-length: [1-9]")
                    .endsWith("\r\n\r\n");
        }
        for (String path : List.of("/healthz", "/readyz", "/")) {
            String request = "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            assertThat(AdminClient.raw(server.address(), request))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void metricsListenerOnLoopbackChecksTheHost() throws IOException {
        String request = "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        assertThat(AdminClient.raw(address, request)).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void sourceThatIsAllowedReadsUnderAnyName() throws IOException {
        allow("192.0.2.0/24", "127.0.0.1/32");
        String request = "GET /metrics HTTP/1.1\r\nHost: nat.example\r\nConnection: close\r\n\r\n";
        assertThat(AdminClient.raw(address, request))
                .startsWith("HTTP/1.1 200 ")
                .contains("cgn_pool_ports{");
    }

    @Test
    void sourceThatIsNotAllowedIsForbidden() {
        allow("192.0.2.0/24", "127.0.0.2/32");
        HttpResponse<String> response = AdminClient.send(AdminClient.request(address, "/metrics"));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).doesNotContain("cgn_");
        assertThat(AdminClient.send(AdminClient.request(server.address(), "/metrics"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void sourcesThatAreNotAllowedCannotKeepOthersOut() throws IOException {
        allow("127.0.0.2/32");
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < HttpListener.MAX_CONNECTIONS + 1; i++) {
                strangers.add(new Socket(address.getAddress(), address.getPort()));
            }
            try (Socket allowed = new Socket(
                    address.getAddress(),
                    address.getPort(),
                    IpAddress.ofIpv4(127, 0, 0, 2).toInetAddress(),
                    0)) {
                String request = "GET /metrics HTTP/1.1\r\nHost: nat.example\r\nConnection: close\r\n\r\n";
                assertThat(AdminClient.exchange(allowed, request)).startsWith("HTTP/1.1 200 ");
            }
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    private void allow(String... prefixes) {
        server.close();
        server = start(Stream.of(prefixes).map(MetricsListenerTest::prefix).toList());
        address = server.metricsAddress().orElseThrow();
    }

    private AdminServer start(List<IPAddress> allowSources) {
        MetricsConfig metrics = new MetricsConfig(Optional.of(AdminClient.ANY_PORT), allowSources);
        return AdminClient.start(metrics, meters, () -> AdminClient.READY);
    }

    private static IPAddress prefix(String text) {
        return new IPAddressString(text).getAddress();
    }
}
