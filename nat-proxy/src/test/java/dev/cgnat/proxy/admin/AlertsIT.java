package dev.cgnat.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.metrics.TestSnapshots;
import dev.cgnat.proxy.testing.PrometheusProcess;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules and the dashboard of {@code config/}, with real proxies, real flows and the real Prometheus. */
class AlertsIT {
    private static final Path CONFIG = Path.of("..", "config");
    private static final Path RULES = CONFIG.resolve("prometheus").resolve("rules.yml");
    private static final Path DASHBOARD =
            CONFIG.resolve("grafana").resolve("dashboards").resolve("natproxy.json");
    /** A sink that cannot keep up is no matter of this test. */
    private static final Set<String> NOT_TRIED = Set.of("CgnTranslationLogDropping");

    private static final Duration GUARD = Duration.ofMinutes(4);

    @Test
    void rulesPassTheirTests() throws Exception {
        assertThat(promtool("check", "rules", RULES.toString())).contains("SUCCESS");
        assertThat(promtool(
                        "test", "rules", RULES.resolveSibling("rules_test.yml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void everyAlertHasATestAndAPlaceInTheRunbook() throws Exception {
        String tests = Files.readString(RULES.resolveSibling("rules_test.yml"));
        String runbook = Files.readString(Path.of("METRICS.md"));
        for (String alert : alerts(Files.readString(RULES))) {
            assertThat(tests).contains("alertname: " + alert + "\n");
            assertThat(runbook).contains("\n### " + alert + "\n");
            assertThat(Files.readString(RULES)).contains("METRICS.md#" + alert.toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void eachAlertFiresUnderItsLoadAndEveryExpressionFindsSomething(@TempDir Path folder) throws Exception {
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
        try (Rig filling = Rig.start(Proxies.with(pool("127.0.11.1", 60).withReuseScope(ReuseScope.ADDRESS)));
                Rig limited = Rig.start(Proxies.with(pool("127.0.11.2", 60))
                        .limits(LimitConfig.defaults().withSessionsPerSubscriber(2)));
                Rig paired = Rig.start(Proxies.with(Proxies.pool("127.0.11.3", "127.0.11.4", 20_000, 20_004)));
                Rig churning = Rig.start(
                        Proxies.with(pool("127.0.11.5", 40).withHoldDown(HoldDownConfig.same(Duration.ofMinutes(5)))));
                Rig failing = Rig.start(Proxies.with(pool("127.0.11.6", 60)));
                ProxyMeters meters = meters();
                AdminServer unloaded = AdminClient.start(MetricsConfig.defaults(), meters, () -> AdminClient.READY)) {
            InetSocketAddress nobody = closedPort();
            List<InetSocketAddress> targets = List.of(
                    filling.proxy().adminAddress(),
                    limited.proxy().adminAddress(),
                    paired.proxy().adminAddress(),
                    churning.proxy().adminAddress(),
                    failing.proxy().adminAddress(),
                    unloaded.address(),
                    nobody);
            String rules = accelerated(Files.readString(RULES));
            try (PrometheusProcess prometheus = PrometheusProcess.start(folder, targets, rules)) {
                InetSocketAddress server =
                        churning.sink(Sink.holding(), "127.0.0.1").address();
                InetSocketAddress fillServer =
                        filling.sink(Sink.holding(), "127.0.0.1").address();
                InetSocketAddress limitServer =
                        limited.sink(Sink.holding(), "127.0.0.1").address();
                InetSocketAddress pairServer =
                        paired.sink(Sink.holding(), "127.0.0.1").address();
                for (int i = 0; i < 15; i++) {
                    SocksClient.connect(churning.proxy().address(Proxies.SOCKS), server)
                            .close();
                }
                meters.reloads().succeeded(Instant.now());
                meters.reloads().failed();
                Future<?> running = load.scheduleAtFixedRate(
                        () -> {
                            open(filling, fillServer);
                            open(limited, limitServer);
                            open(paired, pairServer);
                            open(failing, nobody);
                        },
                        0,
                        200,
                        TimeUnit.MILLISECONDS);
                Set<String> expected = new TreeSet<>(alerts(rules));
                expected.removeAll(NOT_TRIED);
                Set<String> fired = new TreeSet<>();
                await("alerts")
                        .atMost(GUARD)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> {
                            meters.reloads().succeeded(Instant.now());
                            meters.reloads().failed();
                            fired.addAll(firing(prometheus));
                            return fired.containsAll(expected) || running.isDone();
                        });
                assertThat(running.isDone()).as("the load goes on").isFalse();
                assertThat(fired).isEqualTo(expected);
                // A scrape that comes late leaves a gap in some of them.
                await().atMost(Wire.GUARD).untilAsserted(() -> requireHealthy(prometheus));
                requireEveryExpressionOfTheDashboard(prometheus);
            } finally {
                load.shutdownNow();
                assertThat(load.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** One second for a minute. */
    private static String accelerated(String rules) {
        return rules.replaceAll("(for|keep_firing_for): (\\d+)m", "$1: $2s")
                .replaceAll("\\[(\\d+)m]", "[$1s]")
                .replace("[1h]", "[60s]")
                .replace("14400", "240");
    }

    private static List<String> alerts(String rules) {
        return rules.lines()
                .filter(line -> line.strip().startsWith("- alert: "))
                .map(line -> line.strip().substring("- alert: ".length()))
                .toList();
    }

    private static Set<String> firing(PrometheusProcess prometheus) {
        Set<String> names = new TreeSet<>();
        for (JsonNode alert : prometheus.api("alerts").path("data").path("alerts")) {
            if (alert.path("state").asString().equals("firing")) {
                names.add(alert.path("labels").path("alertname").asString());
            }
        }
        return names;
    }

    private static void requireHealthy(PrometheusProcess prometheus) {
        int rules = 0;
        for (JsonNode group : prometheus.api("rules").path("data").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                assertThat(rule.path("health").asString()).as(rule.toString()).isEqualTo("ok");
                if (rule.path("type").asString().equals("recording")) {
                    assertThat(prometheus.series(rule.path("name").asString()))
                            .as(rule.toString())
                            .isNotEmpty();
                }
                rules++;
            }
        }
        assertThat(rules).isEqualTo(17);
    }

    private static void requireEveryExpressionOfTheDashboard(PrometheusProcess prometheus) throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(DASHBOARD));
        List<String> expressions = new ArrayList<>();
        dashboard.path("panels").forEach(panel -> {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asString()));
        });
        int inPanels = expressions.size();
        dashboard
                .path("annotations")
                .path("list")
                .forEach(note -> expressions.add(note.path("expr").asString()));
        dashboard.path("templating").path("list").forEach(variable -> {
            String query = variable.path("query").path("query").asString("");
            if (query.startsWith("label_values(")) {
                expressions.add(query.substring("label_values(".length(), query.lastIndexOf(',')));
            }
        });
        assertThat(inPanels).isGreaterThan(25);
        assertThat(expressions).hasSizeGreaterThan(inPanels + 5).doesNotContain("");
        for (String expression : expressions) {
            String query = expression.replaceAll("\\$(job|instance|pool)", ".*").replace("$__rate_interval", "5s");
            await().atMost(Wire.GUARD)
                    .untilAsserted(
                            () -> assertThat(prometheus.series(query)).as(query).isNotEmpty());
        }
    }

    /** Of a proxy that drains, and whose configuration could not be loaded anew. */
    private static ProxyMeters meters() {
        PoolConfig pool = pool("127.0.11.7", 10);
        ProxyMeters meters = new ProxyMeters(
                ProxyConfig.defaults(NatConfig.of(pool)),
                "nio",
                () -> new NatSnapshot(List.of(TestSnapshots.pool(pool, 10, 0, 0)), 0));
        meters.drainingBy(() -> true);
        return meters;
    }

    private static PoolConfig pool(String address, int ports) {
        return Proxies.pool(address, 20_000, 20_000 + ports - 1);
    }

    /** A granted flow stays until the rig is closed. */
    private static void open(Rig rig, InetSocketAddress destination) {
        try {
            SocksClient client = SocksClient.connect(rig.proxy().address(Proxies.SOCKS), destination);
            if (client.isGranted()) {
                rig.keep(client);
            } else {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    private static String promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.require("promtool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
