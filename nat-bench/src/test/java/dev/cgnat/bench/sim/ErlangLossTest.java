package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.size.ErlangB;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flows that arrive at random at a pool whose refused flows go away, against the formula for that. */
final class ErlangLossTest {
    private static final int BATCHES = 40;
    /** The first is not counted, as the pool is empty at its beginning. */
    private static final int WARM_UP = 1;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    8   | 10  | exponential:1s
                    20  | 20  | exponential:1s
                    50  | 60  | lognormal:p50=500ms,p99=5s
                    100 | 90  | constant:1s
                    200 | 210 | pareto:min=500ms,mean=1s
                    """)
    void refusedShareIsErlangsWithinTheIntervalOf99Percent(double load, int ports, String hold) {
        HoldTime lifetime = HoldTime.parse(hold);
        double perSecond = load / lifetime.meanSeconds();
        Duration batch = Duration.ofMillis(Math.round(20_000 / perSecond * 1000));
        Group group = Plans.group("calls", 1000, Plans.poisson(perSecond / 1000), lifetime);
        SimulationPlan plan = SimulationPlan.of(
                        Plans.nat(ports), Workload.of(group), batch.multipliedBy(BATCHES + WARM_UP), 7)
                .withSample(batch);

        List<Double> shares = new ArrayList<>();
        for (Sample sample : new Simulation(plan).run(nanos -> {}).samples()) {
            long refused = sample.refused().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            shares.add((double) refused / (refused + sample.granted()));
        }
        shares.subList(0, WARM_UP).clear();

        assertThat(shares).hasSize(BATCHES);
        double mean = shares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double variance = shares.stream()
                        .mapToDouble(share -> (share - mean) * (share - mean))
                        .sum()
                / (BATCHES - 1);
        double halfWidth =
                TDistribution.of(BATCHES - 1).inverseCumulativeProbability(0.995) * Math.sqrt(variance / BATCHES);
        double expected = ErlangB.blocking(load, ports);
        assertThat(expected).isBetween(mean - halfWidth, mean + halfWidth);
        assertThat(halfWidth).isLessThan(expected / 5); // so that the interval says something
    }
}
