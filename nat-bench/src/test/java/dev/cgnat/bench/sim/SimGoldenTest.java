package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A whole report of a run in virtual time; a difference is a change of what is decided, or of what users see. */
final class SimGoldenTest {
    @Test
    void asText() throws ConfigException {
        assertThat(report().text()).isEqualTo(golden("sim.txt"));
    }

    @Test
    void asJson() throws ConfigException {
        assertThat(Json.pretty(report()) + "\n").isEqualTo(golden("sim.json"));
    }

    /** A pool that is too small for its workload, so that some wait, some retry and some are refused. */
    private static RunReport report() throws ConfigException {
        List<String> sets = List.of(
                "pools.0.ports=1024-1323",
                "pools.0.reuse-scope=address",
                "pools.0.addresses=203.0.113.0/30",
                "pools.0.on-exhaustion=queue",
                "limits.ports-per-subscriber=40");
        SimulationPlan plan = SimulationPlan.of(
                        ConfigLoader.load(Optional.empty(), Optional.of("linux-default"), sets)
                                .nat(),
                        Workloads.load("residential").scaled(2),
                        Duration.ofMinutes(10),
                        1)
                .withSample(Duration.ofMinutes(1));
        SimulationResult result = new Simulation(plan).run(nanos -> {});
        return result.report(
                "sim",
                "residential through four small addresses",
                new TreeMap<>(Map.of("profile", "linux-default")),
                new TreeMap<>(Map.of("natbench", "test")));
    }

    private static String golden(String name) {
        try (InputStream in = Objects.requireNonNull(SimGoldenTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
