package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged jar finds its benchmarks, and its forks find the jar. */
final class JmhIT {
    private static final int PATIENCE_MINUTES = 10;
    private static final Set<String> GIVE_UP = Set.of("netfilter-windows", "vpp-tries", "cilium-probes");

    @Test
    void measuresThePortSpaceBesideEveryOpponent(@TempDir Path directory) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(Jars.java(
                        "bench",
                        "jmh",
                        "port-space|netfilter|vpp|cilium|linear|map|^sparse$",
                        "--quick",
                        "--slots",
                        "4096",
                        "--fill",
                        "99",
                        "-o",
                        "json"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // No figure is judged here, so another run of JMH on this machine may disturb it.
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djmh.ignoreLock=true");
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(err)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();

        JsonNode report = JsonMapper.shared().readTree(out.toFile());
        assertThat(report.path("schema-version").asInt()).isEqualTo(1);
        assertThat(report.path("ref-nanos").asDouble()).isPositive();
        List<String> names = new ArrayList<>();
        for (JsonNode row : report.path("rows")) {
            String name = row.path("name").asString();
            names.add(name);
            assertThat(row.path("nanos").asDouble()).as(name).isPositive();
            assertThat(row.path("pairs-per-second").asLong()).as(name).isPositive();
            assertThat(row.has("net-refs")).as(name).isEqualTo(!name.endsWith("baseline"));
            assertThat(row.path("refused-percent").asDouble() > 0).as(name).isEqualTo(GIVE_UP.contains(name));
        }
        assertThat(names)
                .containsExactly(
                        "baseline",
                        "port-space",
                        "netfilter-windows",
                        "vpp-tries",
                        "cilium-probes",
                        "linear-scan",
                        "map-probing",
                        "sparse-baseline",
                        "sparse");
        assertThat(Files.readString(err)).contains("9/9 sparse");
    }
}
