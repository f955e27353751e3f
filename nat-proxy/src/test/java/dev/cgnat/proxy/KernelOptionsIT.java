package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel is asked for each leg of a flow, as strace and ss see it. */
class KernelOptionsIT {
    private static final Pattern TCP_OPTION =
            Pattern.compile("setsockopt\\(\\d+, [^\\n]*?(SO_KEEPALIVE|TCP_KEEPIDLE|TCP_USER_TIMEOUT), \\[(\\d+)]");
    /** Java asks the name of the IPv6 sockets by which the loop looks after the pool's addresses; a flow's are IPv4. */
    private static final Pattern NAME_OF_IPV4 = Pattern.compile("get(sock|peer)name.*sa_family=AF_INET,");

    private static final String POOL = "127.0.13.50";

    @Test
    @Tag("conformance-c31")
    void keepAliveAndUserTimeoutAreSetOnBothLegs(@TempDir Path folder) throws Exception {
        Path ss = Tools.require("ss");
        Path trace = folder.resolve("trace");
        try (Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
                RunningJar proxy = proxy(trace, "--set", "tcp.keep-alive=2h", "--set", "tcp.user-timeout=5m");
                Socket flow = proxy.connect(sink.address())) {
            echo(flow);
            assertThat(options(trace))
                    .containsExactlyInAnyOrder(
                            "SO_KEEPALIVE 1",
                            "SO_KEEPALIVE 1",
                            "TCP_KEEPIDLE 7200",
                            "TCP_KEEPIDLE 7200",
                            "TCP_USER_TIMEOUT 300000",
                            "TCP_USER_TIMEOUT 300000");
            InetSocketAddress external = sink.connections().get(0).peer();
            String client = "127.0.0.1:" + flow.getLocalPort();
            // The timer of the last segment's acknowledgement comes first.
            await().atMost(Wire.GUARD).untilAsserted(() -> {
                assertThat(sockets(ss, "src " + POOL + ":" + external.getPort()))
                        .containsPattern("keepalive,1(19|20)min");
                assertThat(sockets(ss, "dst " + client)).containsPattern("keepalive,1(19|20)min");
            });
        }
    }

    @Test
    void whatIsNotConfiguredCostsNoSystemCall(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("trace");
        try (Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
                RunningJar proxy = proxy(trace);
                Socket flow = proxy.connect(sink.address())) {
            echo(flow);
            assertThat(options(trace)).isEmpty();
            assertThat(Files.readString(trace)).contains("SO_REUSEADDR"); // it does see what is called
        }
    }

    @Test
    void flowAsksForNoNameOfItsSockets(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("trace");
        try (Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
                RunningJar proxy = traced("accept4,shutdown,getsockname,getpeername", trace);
                Socket flow = proxy.connect(sink.address())) {
            echo(flow);
            flow.shutdownOutput();
            assertThat(flow.getInputStream().read()).isEqualTo(-1);
            List<String> lines = Files.readAllLines(trace);
            String accepting = lines.stream()
                    .filter(line -> line.contains("accept4("))
                    .findFirst()
                    .orElseThrow();
            String loop = accepting.substring(0, accepting.indexOf(' '));
            assertThat(lines.stream()
                            .filter(line -> line.startsWith(loop + " "))
                            .dropWhile(line -> !line.contains("accept4(")))
                    .anyMatch(line -> line.contains("shutdown("))
                    .noneMatch(line -> NAME_OF_IPV4.matcher(line).find());
        }
    }

    private static RunningJar proxy(Path trace, String... settings) throws IOException {
        return traced("setsockopt", trace, settings);
    }

    private static RunningJar traced(String calls, Path trace, String... settings) throws IOException {
        String strace = Tools.require("strace").toString();
        String[] arguments = Stream.concat(
                        Stream.of(
                                "run",
                                "--set",
                                "listeners.0.bind=127.0.0.1:0",
                                "--set",
                                "admin.bind=127.0.0.1:0",
                                "--set",
                                "pools.0.addresses=" + POOL),
                        Stream.of(settings))
                .toArray(String[]::new);
        return RunningJar.startBy(
                List.of(strace, "--daemonize", "--follow-forks", "--trace=" + calls, "--output=" + trace), arguments);
    }

    private static void echo(Socket flow) throws IOException {
        flow.setSoTimeout((int) Wire.GUARD.toMillis());
        flow.getOutputStream().write('x');
        assertThat(flow.getInputStream().read()).isEqualTo('x');
    }

    private static List<String> options(Path trace) throws IOException {
        return TCP_OPTION
                .matcher(Files.readString(trace))
                .results()
                .map(match -> match.group(1) + " " + match.group(2))
                .toList();
    }

    private static String sockets(Path ss, String filter) throws Exception {
        Process process = new ProcessBuilder(ss.toString(), "-Htno", filter)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Wire.GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
