package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A few torrent programs and many people who browse, through one address whose ports are used once. */
final class TorrentStoryTest {
    private static final List<String> POOL = List.of("pools.0.reuse-scope=address", "pools.0.ports=1024-17407");

    @Test
    void withoutALimitPeopleWhoBrowseAreCutOff() throws ConfigException {
        SimulationResult result = run();

        assertThat(behaviour(result, "browsing").success()).isLessThan(0.5);
        assertThat(result.totals().peakInUse() + result.totals().peakHeld()).isGreaterThanOrEqualTo(16_384);
    }

    @Test
    void withAQuotaTheyAreServedInFullAndTheTorrentsAreNot() throws ConfigException {
        SimulationResult result = run("limits.ports-per-subscriber=200");

        assertThat(behaviour(result, "browsing").success()).isEqualTo(1);
        assertThat(behaviour(result, "browsing").fairness()).isEqualTo(1);
        assertThat(behaviour(result, "torrent").success()).isLessThan(0.5);
        assertThat(result.totals().refused()).containsOnlyKeys("port_limit");
        assertThat(result.subscribers().fairness())
                .isGreaterThan(run().subscribers().fairness());
        assertThat(result.subscribers().peakPorts().max()).isEqualTo(200);
        assertThat(result.subscribers().refusedAtLeastOnce()).isEqualTo(20);
    }

    @Test
    void withPortBlocksLikewise() throws ConfigException {
        SimulationResult result = run("pools.0.blocks={size: 32, max-per-subscriber: 4}");

        assertThat(behaviour(result, "browsing").success()).isEqualTo(1);
        assertThat(behaviour(result, "torrent").success()).isLessThan(0.5);
        assertThat(result.totals().refused()).containsOnlyKeys("block_limit");
        assertThat(result.subscribers().peakPorts().max()).isEqualTo(128);
    }

    private static SimulationResult run(String... limits) throws ConfigException {
        List<String> sets = Stream.concat(POOL.stream(), Stream.of(limits)).toList();
        return new Simulation(SimulationPlan.of(
                        ConfigLoader.load(Optional.empty(), Optional.of("linux-default"), sets)
                                .nat(),
                        Workloads.load("torrent-swarm"),
                        Duration.ofMinutes(10),
                        1))
                .run(nanos -> {});
    }

    private static Behaviour behaviour(SimulationResult result, String name) {
        return result.behaviours().stream()
                .filter(behaviour -> behaviour.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
