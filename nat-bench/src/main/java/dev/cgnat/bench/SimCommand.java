package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.SweepReport;
import dev.cgnat.bench.sim.Simulation;
import dev.cgnat.bench.sim.SimulationPlan;
import dev.cgnat.bench.sim.SimulationResult;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

/** A workload through a NAT in virtual time. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description =
                "Puts a workload through the very allocator in virtual time: hours in seconds, and the same seed gives"
                        + " the same report.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class SimCommand implements Callable<Integer> {
    private static final String AUTO = "auto";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOptions configuration;

    @Mixin
    private WorkloadOptions workloads;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "how long, in virtual time (default: ${DEFAULT-VALUE})")
    private Duration until;

    @Option(
            names = "--sample",
            paramLabel = "TIME",
            defaultValue = AUTO,
            description = "distance of the samples, or auto for about a thousand at most (default: ${DEFAULT-VALUE})")
    private String sample;

    @Option(
            names = "--nats",
            paramLabel = "N",
            defaultValue = "1",
            description = "so many NATs side by side, each with its own addresses (default: ${DEFAULT-VALUE})")
    private int nats;

    @Option(
            names = "--outer",
            paramLabel = "FILE",
            description =
                    "the configuration of a NAT behind, whose subscribers are the external addresses of the first")
    private Optional<Path> outerFile = Optional.empty();

    @Option(names = "--outer-profile", paramLabel = "NAME", description = "the profile of a NAT behind")
    private Optional<String> outerProfile = Optional.empty();

    @Option(
            names = "--sweep",
            paramLabel = "KEY=V1,V2,…",
            description =
                    "one run for each value of a key of the configuration, such as pools.0.blocks.size=128,256,512")
    private Optional<Sweep> sweep = Optional.empty();

    @Mixin
    private SeedOption seed;

    @Mixin
    private RunOutput output;

    /**
     * Values to try one after another.
     *
     * @param values at least one
     */
    record Sweep(String key, List<String> values) {
        static Sweep parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new IllegalArgumentException(
                        text + " (expected: a key and its values, such as pools.0.blocks.size=128,256,512)");
            }
            return new Sweep(
                    text.substring(0, equals),
                    List.of(text.substring(equals + 1).split(",")));
        }
    }

    @Override
    public Integer call() throws ConfigException, CommandException {
        configuration.require();
        Workload workload = workloads.load(spec);
        output.require(spec, workload.groups().stream().map(Group::name).toList());
        if (sweep.isPresent()) {
            output.requireNoRun(spec, "--sweep");
        }
        Optional<NatConfig> outer = outerFile.isPresent() || outerProfile.isPresent()
                ? Optional.of(ConfigLoader.load(outerFile, outerProfile).nat())
                : Optional.empty();
        List<String> values = sweep.map(Sweep::values).orElse(List.of(""));
        List<ProxyConfig> configs = new ArrayList<>();
        for (String value : values) { // all of them before the first run, which may be long
            configs.add(
                    sweep.isPresent() ? configuration.loadWith(sweep.get().key() + "=" + value) : configuration.load());
        }
        List<RunReport> reports = new ArrayList<>();
        Runs runs = new Runs();
        try (Interrupt interrupt = new Interrupt(runs::stop)) {
            for (int i = 0; i < configs.size() && !interrupt.isRaised(); i++) {
                SimulationResult result = runs.run(simulation(configs.get(i), outer, workload), values.get(i));
                reports.add(report(configs.get(i), result));
            }
            return sweep.isEmpty() ? output.finish(spec, reports.get(0)) : finish(values, reports);
        }
    }

    private int finish(List<String> values, List<RunReport> reports) {
        List<SweepReport.Step> steps = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            steps.add(new SweepReport.Step(values.get(i), reports.get(i)));
        }
        SweepReport report = SweepReport.of("sim", sweep.orElseThrow().key(), steps);
        return output.finish(spec, report, report::text);
    }

    private Simulation simulation(ProxyConfig config, Optional<NatConfig> outer, Workload workload) {
        try {
            Duration distance =
                    sample.equalsIgnoreCase(AUTO) ? SimulationPlan.autoSample(until) : Durations.parse(sample);
            return new Simulation(
                    new SimulationPlan(config.nat(), nats, outer, workload, until, distance, seed.value()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private RunReport report(ProxyConfig config, SimulationResult result) {
        SimulationPlan plan = result.plan();
        SortedMap<String, String> parameters = new TreeMap<>();
        configuration.putInto(parameters, config);
        workloads.putInto(parameters, plan.workload());
        parameters.put("until", Durations.text(plan.until()));
        parameters.put("sample", Durations.text(plan.sample()));
        parameters.put("nats", Integer.toString(nats));
        outerFile.ifPresent(path -> parameters.put("outer", path.toString()));
        outerProfile.ifPresent(name -> parameters.put("outer-profile", name));
        String title = plan.workload().name() + " through " + configuration.name(config);
        return result.report("sim", title, parameters, Versions.ofProgram());
    }

    /** Runs one simulation after another, and says on standard error how it goes. */
    private final class Runs {
        private volatile Optional<Simulation> current = Optional.empty();
        private volatile boolean isStopped;

        void stop() {
            isStopped = true;
            current.ifPresent(Simulation::stop);
        }

        SimulationResult run(Simulation simulation, String value) {
            current = Optional.of(simulation);
            if (isStopped) {
                simulation.stop();
            }
            RunCost cost = new RunCost();
            SimulationResult result;
            try (Progress progress = Progress.of("sim " + value, until.toMillis())) {
                result = simulation.run(nanos -> progress.stepTo(nanos / 1_000_000));
            }
            PrintWriter err = spec.commandLine().getErr();
            err.println((value.isEmpty() ? "" : value + ": ")
                    + cost.text(result.events(), result.totals().peakSessions()));
            err.flush();
            return result;
        }
    }
}
