package dev.cgnat.bench.sim;

import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.size.LogVolume;
import dev.cgnat.bench.size.Trial;
import dev.cgnat.bench.size.Trials;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.NatEvent.BlockAllocated;
import dev.cgnat.core.config.NatConfig;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trials in virtual time. What happens in the first fifth of a run is not counted: a network that begins with nothing refuses
 * less than it will.
 *
 * @param until how long each run is, more than 0
 */
public record SimulatedTrials(Workload workload, Duration until) implements Trials {
    private static final int SAMPLES = 100;
    private static final int SAMPLES_TO_SETTLE = SAMPLES / 5;

    @Override
    public Trial run(NatConfig config, long seed) {
        SimulationPlan plan = SimulationPlan.of(config, workload, until, seed).withSample(until.dividedBy(SAMPLES));
        long[] blocks = new long[1];
        SimulationResult result =
                new Simulation(plan, event -> blocks[0] += event instanceof BlockAllocated ? 1 : 0).run(nanos -> {});
        List<RunReport.Sample> settled = result.samples()
                .subList(
                        Math.min(SAMPLES_TO_SETTLE, result.samples().size()),
                        result.samples().size());
        SortedMap<String, Long> refused = new TreeMap<>();
        settled.forEach(sample -> sample.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum)));
        refused.values().removeIf(count -> count == 0);
        long granted = settled.stream().mapToLong(RunReport.Sample::granted).sum();
        long all =
                granted + refused.values().stream().mapToLong(Long::longValue).sum();
        int peak = result.samples().stream()
                .mapToInt(sample -> sample.inUse() + sample.held())
                .max()
                .orElse(0);
        return new Trial(
                all,
                refused,
                peak,
                (int) result.subscribers().peakPorts().max(),
                result.destinations().isEmpty()
                        ? "none"
                        : result.destinations().get(0).name(),
                LogVolume.of(result.totals().granted(), blocks[0], result.durationNanos() / 1e9));
    }
}
