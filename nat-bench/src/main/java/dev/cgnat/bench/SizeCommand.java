package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.report.SizeReport;
import dev.cgnat.bench.sim.SimulatedTrials;
import dev.cgnat.bench.size.AllocationPolicy;
import dev.cgnat.bench.size.Clientele;
import dev.cgnat.bench.size.LogBudget;
import dev.cgnat.bench.size.LogPlan;
import dev.cgnat.bench.size.LogVolume;
import dev.cgnat.bench.size.OfferedLoad;
import dev.cgnat.bench.size.Proposal;
import dev.cgnat.bench.size.Sizer;
import dev.cgnat.bench.workload.Behaviour;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The smallest pool for a workload, or for flows that were recorded. */
@Command(
        name = "size",
        mixinStandardHelpOptions = true,
        description =
                "Finds the smallest pool that refuses no more than a share of the flows: by arithmetic first, then"
                        + " by the very allocator in virtual time, for each policy of lending ports. Of a configuration"
                        + " the first pool is resized.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class SizeCommand implements Callable<Integer> {
    private static final String AUTO = "auto";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOptions configuration;

    @ArgGroup(multiplicity = "1")
    private Flows flows;

    @Option(
            names = "--target-refusal",
            paramLabel = "SHARE",
            defaultValue = "1e-3",
            description = "share of the flows that may be refused, such as 1e-4 (default: ${DEFAULT-VALUE})")
    private double target;

    @Option(
            names = "--log-budget",
            paramLabel = "AMOUNT",
            description = "how much the translation log may grow, such as 10GiB/day; what needs more is marked, and"
                    + " not recommended (default: any amount)")
    private Optional<LogBudget> budget = Optional.empty();

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "how that log is written: jsonl, csv, syslog or ipfix (default: ${DEFAULT-VALUE})")
    private LogVolume.Format format;

    @Option(
            names = "--policy",
            split = ",",
            paramLabel = "NAME",
            converter = PolicyConverter.class,
            description = "which ways to lend ports: configured, arbitrary, paired, endpoint-independent, blocks,"
                    + " deterministic (default: all, and configured only if there is a configuration or profile)")
    private List<AllocationPolicy> policies = new ArrayList<>();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            defaultValue = AUTO,
            description = "virtual time of each run, or auto: a day where the workload follows a curve, else an hour;"
                    + " logs are replayed whole (default: ${DEFAULT-VALUE})")
    private String until;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "runs with seeds of their own that must confirm a pool (default: ${DEFAULT-VALUE})")
    private int runs;

    @Mixin
    private SeedOption seed;

    @Mixin
    private ReportOutput output;

    /** Which flows. */
    private static final class Flows {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable WorkloadOptions workload;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable RecordedOptions recorded;
    }

    /** A policy by the name that reports give it. */
    static final class PolicyConverter implements ITypeConverter<AllocationPolicy> {
        @Override
        public AllocationPolicy convert(String text) {
            return Arrays.stream(AllocationPolicy.values())
                    .filter(policy -> policy.key().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(text + " (expected: "
                            + Arrays.stream(AllocationPolicy.values())
                                    .map(AllocationPolicy::key)
                                    .collect(Collectors.joining(", "))
                            + ")"));
        }
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        ProxyConfig config = configuration.load();
        PoolConfig base = config.nat().pools().get(0);
        SizeDemand demand;
        Sizer sizer;
        try {
            Sizer.Goal goal = new Sizer.Goal(target, runs, seed.value());
            RecordedOptions recorded = flows.recorded;
            demand = recorded == null
                    ? workload(Objects.requireNonNull(flows.workload), base)
                    : recorded(recorded, config, base);
            sizer = new Sizer(demand.trials(), goal, this::say);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        List<Proposal> proposals = new ArrayList<>();
        for (AllocationPolicy policy : wanted()) {
            size(sizer, policy, base, config, demand).ifPresent(proposals::add);
        }
        LogPlan logging = new LogPlan(format, budget);
        explore(sizer, proposals, logging, config);
        SizeReport report = SizeReport.of(
                parameters(config, demand),
                demand.offered(),
                demand.recorded(),
                proposals,
                logging,
                Versions.ofProgram());
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(report, report::text));
        out.flush();
        return report.isMet() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private SizeDemand workload(WorkloadOptions options, PoolConfig base) throws ConfigException {
        Workload workload = options.load(spec);
        Duration time = until.equalsIgnoreCase(AUTO) ? auto(workload) : Durations.parse(until);
        OfferedLoad load = OfferedLoad.of(workload, base.holdDown());
        SortedMap<String, String> parameters = new TreeMap<>();
        options.putInto(parameters, workload);
        parameters.put("until", Durations.text(time));
        return new SizeDemand(
                new SimulatedTrials(workload, time),
                Clientele.of(workload.subscribers(), load, target),
                SizeReport.Offered.of(load),
                Optional.empty(),
                parameters);
    }

    private SizeDemand recorded(RecordedOptions options, ProxyConfig config, PoolConfig base) throws IOException {
        if (!until.equalsIgnoreCase(AUTO)) {
            throw new IllegalArgumentException(
                    "until: " + until + " (expected: without --log, which says its own end)");
        }
        say("reading the logs");
        return options.demand(config, base, seed.value(), this::say);
    }

    /** Empty if the policy cannot serve such subscribers, and nobody asked for it by name. */
    private Optional<Proposal> size(
            Sizer sizer, AllocationPolicy policy, PoolConfig base, ProxyConfig config, SizeDemand demand) {
        try {
            return Optional.of(sizer.size(policy, base, config.nat().limits(), demand.clientele()));
        } catch (IllegalArgumentException e) {
            if (policies.contains(policy)) {
                throw new ParameterException(spec.commandLine(), policy.key() + ": " + e.getMessage(), e);
            }
            say(policy.key() + ": left out, as it cannot be: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void say(String doing) {
        spec.commandLine().getErr().println(doing);
        spec.commandLine().getErr().flush();
    }

    /** The knobs of the recommended pool alone: each takes as many runs as a confirmation. */
    private static void explore(Sizer sizer, List<Proposal> proposals, LogPlan logging, ProxyConfig config) {
        SizeReport.recommended(proposals, logging)
                .ifPresent(best -> proposals.set(
                        proposals.indexOf(best),
                        sizer.explored(best, config.nat().limits())));
    }

    private List<AllocationPolicy> wanted() {
        if (!policies.isEmpty()) {
            return policies;
        }
        return List.of(AllocationPolicy.values())
                .subList(configuration.isGiven() ? 0 : 1, AllocationPolicy.values().length);
    }

    private static Duration auto(Workload workload) {
        boolean hasCurve = workload.groups().stream()
                .anyMatch(group -> group.behaviour() instanceof Behaviour.Opens opens
                        && opens.openings() instanceof Behaviour.Curve);
        return hasCurve ? Duration.ofDays(1) : Duration.ofHours(1);
    }

    private SortedMap<String, String> parameters(ProxyConfig config, SizeDemand demand) {
        SortedMap<String, String> parameters = new TreeMap<>(demand.parameters());
        configuration.putInto(parameters, config);
        parameters.put("target-refusal", Double.toString(target));
        budget.ifPresent(most -> parameters.put("log-budget", most.text()));
        parameters.put("log-format", format.key());
        parameters.put("runs", Integer.toString(runs));
        parameters.put("seed", Long.toString(seed.value()));
        return parameters;
    }
}
