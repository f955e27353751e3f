package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.TwinReport;
import dev.cgnat.bench.report.TwinReport.Decisions;
import dev.cgnat.bench.sim.Simulation;
import dev.cgnat.bench.twin.Scenario;
import dev.cgnat.bench.twin.Scenarios;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.proxy.config.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One scenario, two clocks. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs one scenario over real sockets through a real proxy, in virtual time, or both, and says how far"
                        + " the two are apart.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            description = "a YAML file, or one that comes with the program: burst, churn or mixed-lifetimes")
    private String name;

    @ArgGroup
    private Clocks clocks = new Clocks();

    @Mixin
    private RunOutput output;

    private volatile Optional<Runnable> running = Optional.empty();
    private volatile boolean isStopped;

    /** Which clocks; at most one of these. */
    static final class Clocks {
        @Option(names = "--real", description = "over sockets alone, in real time")
        private boolean real;

        @Option(names = "--sim", description = "in virtual time alone")
        private boolean sim;

        @Option(names = "--both", description = "over sockets, then in virtual time (the default)")
        private boolean both;
    }

    @Override
    public Integer call() throws ConfigException, CommandException, IOException, InterruptedException {
        Scenario scenario = Scenarios.load(name);
        boolean real = clocks.both || !clocks.sim;
        boolean sim = clocks.both || !clocks.real;
        if (real && sim) {
            output.requireTwin(spec);
        } else {
            output.require(
                    spec,
                    scenario.workload().groups().stream()
                            .map(Group::name)
                            .filter(group -> sim)
                            .toList());
        }
        try (Interrupt interrupt = new Interrupt(this::stop)) {
            if (!real) {
                return output.finish(spec, simulated(scenario, scenario.until(), false));
            }
            SocketResult result = overSockets(scenario);
            SocketResult.Repeated repeated = result.repeated(interrupt.isRaised(), parameters(scenario));
            int exitCode = sim
                    ? output.finish(
                            spec,
                            TwinReport.of(
                                    repeated.report(),
                                    simulated(scenario, result.length(), interrupt.isRaised()),
                                    repeated.decisions()))
                    : output.finish(
                            spec,
                            repeated.report()
                                    .withNote("decision log: "
                                            + repeated.decisions().text()));
            return isSame(repeated.decisions()) ? exitCode : ExitCode.FAILURE;
        }
    }

    private boolean isSame(Decisions decisions) {
        decisions.difference().ifPresent(found -> spec.commandLine().getErr().println("decision log: " + found));
        return decisions.difference().isEmpty();
    }

    /** By another thread. */
    private void stop() {
        isStopped = true;
        running.ifPresent(Runnable::run);
    }

    private void stopBy(Runnable how) {
        running = Optional.of(how);
        if (isStopped) {
            how.run();
        }
    }

    private SocketResult overSockets(Scenario scenario) throws IOException, InterruptedException {
        try (SocketRun run =
                SocketRun.start(scenario, line -> spec.commandLine().getErr().println(line))) {
            stopBy(run::stop);
            follow(run, scenario.until());
            return run.finish();
        }
    }

    /** Waits until the last flow has begun and been decided. */
    private static void follow(SocketRun run, Duration until) throws InterruptedException {
        long begin = System.nanoTime();
        try (Progress progress = Progress.of("run", until.toMillis())) {
            progress.follow(
                    run.settled(),
                    () -> progress.stepTo(Math.min((System.nanoTime() - begin) / 1_000_000, until.toMillis())));
        } catch (ExecutionException e) {
            throw new IllegalStateException("the clients have stopped", e);
        }
    }

    private RunReport simulated(Scenario scenario, Duration length, boolean interrupted) {
        Simulation simulation = new Simulation(scenario.simulation(length));
        if (!interrupted) {
            stopBy(simulation::stop);
        }
        return simulation
                .run(nanos -> {})
                .report(
                        "run",
                        scenario.workload().name() + " through " + scenario.nat() + ", in virtual time",
                        parameters(scenario),
                        Versions.ofProgram());
    }

    private SortedMap<String, String> parameters(Scenario scenario) {
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("scenario", name);
        parameters.put("nat", scenario.nat());
        parameters.put("subscribers", Integer.toString(scenario.workload().subscribers()));
        parameters.put("until", Durations.text(scenario.until()));
        parameters.put("sample", Durations.text(scenario.sample()));
        return parameters;
    }
}
