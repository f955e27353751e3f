package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged jar sets up its laboratory, and starts the packaged proxy and HAProxy in it. No figure is judged. */
final class PeersIT {
    private static final int PATIENCE_MINUTES = 10;

    @TempDir
    private Path folder;

    @BeforeEach
    void needsThePrograms() {
        List.of("unshare", "nsenter", "ip", "taskset", "haproxy").forEach(Tools::require);
    }

    @Test
    void measuresTheProxyBesideHaproxy() throws Exception {
        JsonNode report = besideHaproxy("300ms");
        if (!figures(report).allMatch(figure -> figure.asDouble(0) > 0)) {
            report = besideHaproxy("5s"); // of a moment, a busy machine may have no time for each process and each flow
        }

        assertThat(report.path("complete").asBoolean()).isTrue();
        JsonNode forward = report.path("tables").path(0);
        assertThat(forward.path("part").asString()).isEqualTo("cps");
        assertThat(forward.path("reference").asString()).isEqualTo("haproxy");
        assertThat(report.path("tables").path(5).path("title").asString()).isEqualTo("16 flows up");
        assertThat(figures(report))
                .as(report.toString())
                .allSatisfy(figure -> assertThat(figure.asDouble(0)).isPositive());
    }

    private JsonNode besideHaproxy(String time) throws Exception {
        return peers("cps", "bulk", "--only", "ours,haproxy", "--repeats", "1", "--seconds", time, "--warm-up", "100");
    }

    private static Stream<JsonNode> figures(JsonNode report) {
        JsonNode forward = report.path("tables").path(0);
        return Stream.of(
                row(forward, "ours").at("/figures/conn~1CPU-s"),
                row(forward, "haproxy").at("/figures/conn~1CPU-s"),
                row(forward, "ours").path("ratio"),
                row(forward, "direct").at("/figures/conn~1s"),
                row(report.path("tables").path(5), "ours").at("/figures/slowest~1fastest"));
    }

    @Test
    void theProxyFindsThePortThatIsLeftOfAThousand() throws Exception {
        JsonNode report = peers("exhaustion", "--only", "ours");

        JsonNode nearlyFull = row(report.path("tables").path(0), "ours-1000").path("figures");
        for (String occupied : List.of("at 95.0 %", "at 99.0 %", "at 99.9 %")) {
            assertThat(nearlyFull.path(occupied).asInt()).as(occupied).isEqualTo(100);
        }
        JsonNode destinations = row(report.path("tables").path(1), "ours-1000").path("figures");
        assertThat(destinations.path("stand").asInt()).isEqualTo(5_000);
        assertThat(destinations.path("echo").asInt()).isEqualTo(5_000);
        assertThat(destinations.path("counted by the NAT").asInt()).isEqualTo(5_000);
    }

    @Test
    void theAdminApiIsAskedWhileFlowsPass() throws Exception {
        JsonNode report =
                peers("admin", "--sessions", "3000", "--repeats", "1", "--seconds", "300ms", "--warm-up", "100");

        JsonNode paths = report.path("tables").path(0);
        assertThat(paths.path("rows").size()).isGreaterThan(10);
        for (JsonNode row : paths.path("rows")) {
            String path = row.path("peer").asString();
            assertThat(row.at("/figures/first ms").asDouble()).as(path).isPositive();
            assertThat(row.at("/figures/bytes").asInt()).as(path).isPositive();
        }
        JsonNode flows = report.path("tables").path(1);
        assertThat(row(flows, "asked").at("/figures/p99 µs").asDouble()).isPositive();
        assertThat(row(flows, "asked").path("ratio").asDouble()).isPositive();
        assertThat(row(flows, "asked").path("note").asString("")).doesNotContain("failed");
    }

    private JsonNode peers(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        String[] command = Jars.java("bench", "peers", "-o", "json");
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        Process process = new ProcessBuilder(all)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        process.destroy();
        String said = Files.readString(err) + Files.readString(out);
        assertThat(ended).as(said).isTrue();
        if (process.exitValue() == ExitCode.BIND) {
            Tools.missing("the right to make a network namespace (" + said + ")");
        }
        assertThat(process.exitValue()).as(said).isZero();
        return JsonMapper.shared().readTree(out.toFile());
    }

    private static JsonNode row(JsonNode table, String peer) {
        for (JsonNode row : table.path("rows")) {
            if (row.path("peer").asString().equals(peer)) {
                return row;
            }
        }
        throw new AssertionError(peer + " is not in " + table);
    }
}
