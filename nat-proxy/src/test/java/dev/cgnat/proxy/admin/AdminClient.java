package dev.cgnat.proxy.admin;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.metrics.TestSnapshots;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** A proxy's meters without a proxy, and an HTTP client with and without manners. */
final class AdminClient {
    static final Endpoint ANY_PORT = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);
    static final Readiness READY = Readiness.of(Readiness.Check.passed("drain"));
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Wire.GUARD)
            .build();

    private AdminClient() {}

    /** Both of its listeners on a free port. */
    static AdminServer start(MetricsConfig metrics, ProxyMeters meters, Supplier<Readiness> readiness) {
        try {
            return AdminServer.start(new AdminConfig(ANY_PORT), metrics, meters, readiness);
        } catch (BindException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HttpRequest.Builder request(InetSocketAddress address, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
                .timeout(Wire.GUARD);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String raw(InetSocketAddress address, String request) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return exchange(socket, request);
        }
    }

    static String exchange(Socket socket, String request) throws IOException {
        socket.setSoTimeout((int) Wire.GUARD.toMillis());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static ProxyConfig config() {
        AddressRange address = AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1));
        return ProxyConfig.defaults(NatConfig.of(PoolConfig.defaults("main", List.of(address))));
    }

    static ProxyMeters meters() {
        PoolConfig pool = config().nat().pools().get(0);
        NatSnapshot snapshot = new NatSnapshot(List.of(TestSnapshots.pool(pool, 64_512, 12, 3)), 1);
        return new ProxyMeters(config(), "nio", () -> snapshot);
    }
}
