package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** HAProxy with three forwards, each of which has a ring of 64 source ports. */
final class HaproxyScenario {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final String CONFIGURATION = """
            global
                maxconn 2000
                nbthread 1
            defaults
                mode tcp
                timeout connect 5s
                timeout client 10m
                timeout server 10m
                retries 0
            listen one
                bind 127.0.0.1:9301
                server sink 127.0.2.1:9000 source 127.0.3.1:20000-20063
            listen two
                bind 127.0.0.1:9302
                server sink 127.0.2.1:9001 source 127.0.3.1:20000-20063
            listen three
                bind 127.0.0.1:9303
                server sink 127.0.2.2:9000 source 127.0.3.1:20000-20063
            """;

    private HaproxyScenario() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Files.createTempFile("haproxy", ".cfg");
        Files.writeString(file, CONFIGURATION);
        Process haproxy = new ProcessBuilder(Tools.require("haproxy").toString(), "-db", "-f", file.toString())
                .inheritIO()
                .start();
        try {
            List<InetSocketAddress> forwards = resolved("127.0.0.1:9301-9303");
            await("haproxy").atMost(STARTS_WITHIN).until(() -> isOpen(forwards.get(2)));
            GradePlan plan = new GradePlan(
                    List.of(new Via.Forward()),
                    resolved("127.0.2.1:9000-9001,127.0.2.2:9000"),
                    false,
                    forwards,
                    "127.1.0.0/16",
                    64,
                    new GradePlan.Bounds(5_000, Duration.ofMinutes(2), Duration.ofSeconds(5)),
                    1);
            check(Exact.examined(() -> {
                try (Grader grader = Grader.open(plan, text -> {})) {
                    return grader.run();
                }
            }));
        } finally {
            haproxy.destroy();
            haproxy.waitFor(STARTS_WITHIN.toSeconds(), TimeUnit.SECONDS);
            Files.delete(file);
        }
    }

    private static void check(Findings found) {
        System.out.println(found);
        assertThat(found.sharing().scope().value()).contains(ReuseScope.FOUR_TUPLE);
        assertThat(found.sharing().mapping().value()).contains(Mapping.ADDRESS_AND_PORT_DEPENDENT);
        assertThat(found.ports().range().value()).contains(new PortRange(20_000, 20_063));
        assertThat(found.ports().selection().value().flatMap(Selection::kind))
                .contains(Selection.Kind.LEAST_RECENTLY_FREED);
        assertThat(found.refusals().limit().value()).isEmpty();
        for (CloseCause cause : List.of(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN, CloseCause.RESET)) {
            assertThat(found.rests().holdDown(cause).value().map(HoldDown::rounded))
                    .as(cause.toString())
                    .contains(Duration.ZERO);
        }
    }

    private static List<InetSocketAddress> resolved(String endpoints) {
        return Endpoints.parseList(endpoints).stream().map(Endpoints::resolved).toList();
    }

    private static boolean isOpen(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
