package dev.cgnat.proxy.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A program that keeps its connections. Its first test is the example of the README. */
// example
@NatTest(profile = "gcp-cloud-nat-static") // 64 ports for this machine, and each rests for 120 s
class PooledClientIT {
    @Test
    void ordersShareOneConnection(NatLab nat) {
        Shop shop = new Shop(nat.forwardTo(backend.getAddress()));
        nat.assertPortsUsedAtMost(1, () -> {
            for (int i = 0; i < 120; i++) {
                shop.order();
            }
        });
        // end of example
        assertThat(nat.used().connections()).isEqualTo(1);
        assertThat(nat.used().busiest())
                .isEqualTo("127.0.0.1:" + backend.getAddress().getPort());
    }

    private static HttpServer backend;

    @BeforeAll
    static void startBackend() throws IOException {
        backend = Shop.startBackend();
    }

    @AfterAll
    static void stopBackend() {
        backend.stop(0);
    }

    @Test
    void ordersAtTheSameTimeTakeNoMoreConnectionsThanThereAreOfThem(NatLab nat) {
        Shop shop = new Shop(nat.forwardTo(backend.getAddress()));
        nat.assertPortsUsedAtMost(8, () -> {
            for (int round = 0; round < 15; round++) {
                List<CompletableFuture<Void>> orders =
                        Stream.generate(shop::orderLater).limit(8).toList();
                orders.forEach(CompletableFuture::join);
            }
        });
        nat.assertNothingRefused();
    }

    @Test
    void eachTestCountsAnew(NatLab nat) {
        assertThat(nat.used().connections()).isZero();
        assertThat(nat.refusals()).isEmpty();
    }

    @Test
    void theExampleIsTheOneOfTheReadme() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/cgnat/proxy/junit/PooledClientIT.java"));
        String example = source.substring(source.indexOf("@NatTest("), source.indexOf("        // end of example\n"));
        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + example + "    }\n}\n```");
    }
}
