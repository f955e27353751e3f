package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.ShootoutReport;
import dev.cgnat.bench.sim.SimulatedTrials;
import dev.cgnat.bench.sim.Simulation;
import dev.cgnat.bench.sim.SimulationPlan;
import dev.cgnat.bench.sim.SimulationResult;
import dev.cgnat.bench.size.AllocationPolicy;
import dev.cgnat.bench.size.Clientele;
import dev.cgnat.bench.size.OfferedLoad;
import dev.cgnat.bench.size.PoolLadder;
import dev.cgnat.bench.size.Proposal;
import dev.cgnat.bench.size.Sizer;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.Profile;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One workload through every profile. */
@Command(
        name = "shootout",
        mixinStandardHelpOptions = true,
        description =
                "Puts one workload through every profile in virtual time, each with the same number of addresses, and"
                        + " says how many it would need.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ShootoutCommand implements Callable<Integer> {
    private static final int RUNS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WorkloadOptions workloads;

    @Option(names = "--profiles", split = ",", paramLabel = "NAME", description = "these alone (default: all but demo)")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--addresses",
            paramLabel = "N",
            defaultValue = "1",
            description = "external addresses of each (default: ${DEFAULT-VALUE})")
    private int addresses;

    @Option(
            names = "--target-refusal",
            paramLabel = "SHARE",
            defaultValue = "1e-3",
            description =
                    "share of the flows that may be refused, for the addresses needed (default: ${DEFAULT-VALUE})")
    private double target;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "virtual time of each run (default: ${DEFAULT-VALUE})")
    private Duration until;

    @Mixin
    private SeedOption seed;

    @Mixin
    private ReportOutput output;

    @Mixin
    private HtmlOutput page;

    @Override
    public Integer call() throws ConfigException, CommandException {
        if (addresses < 1 || addresses > 65_536) {
            throw new ParameterException(spec.commandLine(), "addresses: " + addresses + " (expected: 1 to 65536)");
        }
        page.require(spec);
        Workload workload = workloads.load(spec);
        List<ShootoutReport.Row> rows = new ArrayList<>();
        for (String name : wanted()) {
            say(name);
            rows.add(row(name, workload));
        }
        ShootoutReport report = ShootoutReport.of(parameters(workload), rows, Versions.ofProgram());
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(report, report::text));
        out.flush();
        page.write(report);
        return ExitCode.OK;
    }

    private List<String> wanted() {
        return names.isEmpty()
                ? ConfigLoader.profiles().stream()
                        .map(Profile::name)
                        .filter(name -> !name.equals("demo"))
                        .sorted()
                        .toList()
                : names;
    }

    private ShootoutReport.Row row(String name, Workload workload) throws ConfigException {
        NatConfig loaded =
                ConfigLoader.load(Optional.empty(), Optional.of(name)).nat();
        PoolConfig pool = loaded.pools().get(0);
        NatConfig config = new NatConfig(List.of(PoolLadder.withAddresses(pool, addresses)), loaded.limits());
        SimulationResult result =
                new Simulation(SimulationPlan.of(config, workload, until, seed.value())).run(nanos -> {});
        RunReport.Totals totals = result.totals();
        return new ShootoutReport.Row(
                name,
                result.capacity().slotsToOne(),
                totals.offered(),
                totals.offered() == 0 ? 0 : (double) totals.refusedTotal() / totals.offered(),
                totals.refused().entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey),
                result.samples().stream()
                        .map(sample -> sample.inUse() + sample.held())
                        .max(Comparator.naturalOrder())
                        .orElse(0),
                totals.firstRefusalSeconds(),
                needed(pool, config, workload));
    }

    private Optional<Integer> needed(PoolConfig pool, NatConfig config, Workload workload) {
        try {
            Sizer sizer = new Sizer(
                    new SimulatedTrials(workload, until),
                    new Sizer.Goal(target, RUNS, seed.value()),
                    doing -> say("  " + doing));
            Proposal proposal = sizer.size(
                    AllocationPolicy.CONFIGURED,
                    pool,
                    config.limits(),
                    Clientele.of(workload.subscribers(), OfferedLoad.of(workload, pool.holdDown()), target));
            return proposal.found() ? Optional.of(proposal.addresses()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void say(String doing) {
        spec.commandLine().getErr().println(doing);
        spec.commandLine().getErr().flush();
    }

    private SortedMap<String, String> parameters(Workload workload) {
        SortedMap<String, String> parameters = new TreeMap<>();
        workloads.putInto(parameters, workload);
        parameters.put("addresses", Integer.toString(addresses));
        parameters.put("target-refusal", Double.toString(target));
        parameters.put("until", Durations.text(until));
        parameters.put("seed", Long.toString(seed.value()));
        return parameters;
    }
}
