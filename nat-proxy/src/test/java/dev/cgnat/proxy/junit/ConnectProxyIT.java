package dev.cgnat.proxy.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An HTTPS client that is told of the NAT by its proxy setting. */
@NatTest(profile = "gcp-cloud-nat-static")
class ConnectProxyIT {
    private static final char[] PASSWORD = "password".toCharArray();

    @Test
    void requestsOfOneClientShareAConnectionThroughTheProxy(NatLab nat, @TempDir Path folder) throws Exception {
        SSLContext tls = tls(folder);
        HttpsServer backend = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.setHttpsConfigurator(new HttpsConfigurator(tls));
        backend.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        backend.start();
        try {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(tls)
                    .version(HttpClient.Version.HTTP_1_1)
                    .proxy(ProxySelector.of(nat.httpAddress()))
                    .build();
            URI uri = URI.create("https://127.0.0.1:" + backend.getAddress().getPort() + "/");
            nat.assertPortsUsedAtMost(1, () -> {
                for (int i = 0; i < 20; i++) {
                    assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                                    .statusCode())
                            .isEqualTo(204);
                }
            });
            assertThat(nat.used().connections()).isEqualTo(1);
        } finally {
            backend.stop(0);
        }
    }

    /** With a certificate for 127.0.0.1 that it trusts itself. */
    private static SSLContext tls(Path folder) throws Exception {
        Path store = folder.resolve("key.p12");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "backend",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }
}
