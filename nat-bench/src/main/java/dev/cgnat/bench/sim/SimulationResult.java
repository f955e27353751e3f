package dev.cgnat.bench.sim;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What a {@link Simulation} came to.
 *
 * @param interrupted whether it was stopped before its end
 * @param durationNanos how far it came
 * @param events flows that began, or were refused, and flows that ended
 * @param waits of flows that waited for a port and got one
 */
public record SimulationResult(
        SimulationPlan plan,
        boolean interrupted,
        long durationNanos,
        long events,
        RunReport.Totals totals,
        List<RunReport.Sample> samples,
        RunReport.Subscribers subscribers,
        List<RunReport.Behaviour> behaviours,
        List<RunReport.Use> addresses,
        List<RunReport.Use> destinations,
        Optional<LatencySummary> waits) {

    /**
     * The report, ready to print.
     *
     * @param command that was called
     * @param title a line for people
     */
    public RunReport report(
            String command, String title, SortedMap<String, String> parameters, SortedMap<String, String> versions) {
        return new RunReport(
                RunReport.SCHEMA_VERSION,
                command,
                title,
                parameters,
                OptionalLong.of(plan.seed()),
                versions,
                interrupted,
                durationNanos / 1e9,
                capacity(),
                totals,
                samples,
                Optional.of(subscribers),
                behaviours,
                addresses,
                destinations,
                waits,
                notes(),
                List.of());
    }

    /** What the pools that the workload uses can hold. */
    public RunReport.Capacity capacity() {
        int protocols = Simulation.protocols(plan.workload().groups()).size();
        long ports = 0;
        long slots = 0;
        double ceiling = 0;
        for (PoolConfig pool : pools()) {
            RunReport.Capacity one = RunReport.Capacity.of(pool, plan.nat().limits(), protocols);
            ports += (long) one.ports() * plan.nats();
            slots += (long) one.slotsToOne() * plan.nats();
            ceiling += one.ceilingPerSecond().orElse(Double.POSITIVE_INFINITY) * plan.nats();
        }
        return new RunReport.Capacity(
                Math.toIntExact(ports),
                Math.toIntExact(slots),
                Double.isInfinite(ceiling) ? OptionalDouble.empty() : OptionalDouble.of(ceiling));
    }

    private List<PoolConfig> pools() {
        return plan.workload().groups().stream().map(plan::poolOf).distinct().toList();
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        List<Protocol> protocols =
                List.copyOf(Simulation.protocols(plan.workload().groups()));
        if (protocols.size() > 1) {
            notes.add("ports are counted for each protocol: "
                    + protocols.stream().sorted().map(Protocol::label).collect(Collectors.joining(", ")));
        }
        if (plan.nats() > 1) {
            notes.add(plan.nats() + " NATs side by side, each with its own addresses; the counts are their sums");
        }
        if (plan.outer().isPresent()) {
            notes.add("refusals beginning with " + Census.OUTER
                    + " are those of the NAT behind; ports are those of the NATs before it");
        }
        if (totals.bypassed() > 0) {
            notes.add(String.format(Locale.ROOT, "%,d flows needed no translation", totals.bypassed()));
        }
        return notes;
    }
}
