package dev.cgnat.bench;

import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.trace.LogCounts;
import dev.cgnat.bench.trace.LogOptions;
import dev.cgnat.bench.trace.LogSource;
import dev.cgnat.bench.trace.Replay;
import dev.cgnat.bench.trace.ReplayPlan;
import dev.cgnat.bench.trace.ReplayResult;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Real flow logs through a NAT in virtual time. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Puts the flows of logs through a NAT in virtual time: what it would have refused, and what would have"
                        + " fitted.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ReplayCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FLOWLOG",
            description = "logs, plain or gzip; - is standard input. Several are merged by time")
    private List<String> logs;

    @Mixin
    private ConfigurationOptions configuration;

    @Option(names = "--pool", paramLabel = "NAME", description = "the pool that serves the flows (default: the first)")
    private Optional<String> pool = Optional.empty();

    @Mixin
    private FlowLogOptions flows;

    @Mixin
    private SeedOption seed;

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() throws ConfigException, IOException {
        configuration.require();
        ProxyConfig config = configuration.load();
        ReplayPlan plan;
        LogOptions options;
        List<LogSource> sources;
        try {
            plan = flows.plan(config, config.nat(), pool(config), seed.value());
            options = flows.reading(config);
            sources = sources();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter err = spec.commandLine().getErr();
        LogCounts counts = flows.counts(message -> {
            err.println(message);
            err.flush();
        });
        ReplayReport report;
        try (Progress progress = Progress.ofBytes("replay", totalBytes())) {
            Replay replay = Replay.open(plan, sources, options, counts, progress::stepBy);
            try (Interrupt interrupt = new Interrupt(replay::stop)) {
                report = run(replay, counts, config, plan);
                progress.end();
                if (interrupt.isRaised()) {
                    err.println("interrupted: this is the report so far");
                    err.flush();
                }
                spec.commandLine().getOut().print(output.render(report, report::text));
                spec.commandLine().getOut().flush();
            }
        }
        return ExitCode.OK;
    }

    private ReplayReport run(Replay replay, LogCounts counts, ProxyConfig config, ReplayPlan plan) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        ReplayResult result = replay.run();
        double seconds = (threads.getCurrentThreadCpuTime() - before) / 1e9;
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                Locale.ROOT,
                "%,d lines in %.2f s of processor time: %,.0f per second%n",
                counts.lines(),
                seconds,
                counts.lines() / Math.max(seconds, 1e-3));
        err.flush();
        String what = logs.size() == 1 ? logs.get(0) : logs.size() + " logs";
        return result.report(
                what + " through " + configuration.name(config), parameters(config, plan), Versions.ofProgram());
    }

    private PoolConfig pool(ProxyConfig config) {
        List<PoolConfig> pools = config.nat().pools();
        return pool.map(name -> pools.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("pool: " + name + " (expected: one of "
                                + pools.stream().map(PoolConfig::name).toList() + ")")))
                .orElse(pools.get(0));
    }

    private List<LogSource> sources() {
        FlowLogOptions.requireCount(logs);
        List<LogSource> sources = new ArrayList<>();
        for (String log : logs) {
            sources.add(
                    log.equals(STANDARD_INPUT)
                            ? new LogSource("standard input", () -> System.in)
                            : FlowLogOptions.file(log));
        }
        return sources;
    }

    /** Of all logs together, 0 if that is not known. */
    private long totalBytes() throws IOException {
        long sum = 0;
        for (String log : logs) {
            if (log.equals(STANDARD_INPUT) || !Files.isRegularFile(Path.of(log))) {
                return 0;
            }
            sum += Files.size(Path.of(log));
        }
        return sum;
    }

    private SortedMap<String, String> parameters(ProxyConfig config, ReplayPlan plan) {
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("logs", String.join(" ", logs));
        configuration.putInto(parameters, config);
        parameters.put("pool", plan.pool().name());
        flows.putInto(parameters, plan);
        return parameters;
    }
}
