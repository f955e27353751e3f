package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.trace.CsvColumns;
import dev.cgnat.bench.trace.Inside;
import dev.cgnat.bench.trace.LogCounts;
import dev.cgnat.bench.trace.LogFormat;
import dev.cgnat.bench.trace.LogOptions;
import dev.cgnat.bench.trace.LogSource;
import dev.cgnat.bench.trace.Replay;
import dev.cgnat.bench.trace.ReplayPlan;
import dev.cgnat.bench.trace.ReplayResult;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
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
    private static final int MOST_LOGS = 1000;
    private static final int BROKEN_TOLD = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FLOWLOG",
            description = "logs, plain or gzip; - is standard input. Several are merged by time")
    private List<String> logs;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description = "zeek, nfdump, vpc, csv, or auto: by the beginning of each log (default: ${DEFAULT-VALUE})")
    private String format;

    @Option(
            names = "--columns",
            paramLabel = "MAP",
            description =
                    "columns of a CSV by the names in its header: start=…,duration=… (or end=…),src=…,src-port=…,dst=…,"
                            + "dst-port=…, and if there are such protocol=…,close=…")
    private Optional<String> columns = Optional.empty();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "of times in nfdump and CSV logs that name none (default: ${DEFAULT-VALUE})")
    private String zone;

    @Mixin
    private ConfigurationOptions configuration;

    @Option(names = "--pool", paramLabel = "NAME", description = "the pool that serves the flows (default: the first)")
    private Optional<String> pool = Optional.empty();

    @Option(
            names = "--inside",
            required = true,
            split = ",",
            paramLabel = "PREFIX",
            description = "addresses of the subscribers, such as 10.0.0.0/8,2001:db8::/32")
    private List<String> inside;

    @Option(
            names = "--protocols",
            split = ",",
            paramLabel = "PROTOCOL",
            defaultValue = "tcp,udp,icmp",
            description = "that are replayed (default: ${DEFAULT-VALUE})")
    private List<Protocol> protocols;

    @Option(
            names = "--reorder",
            paramLabel = "TIME",
            defaultValue = "60s",
            description =
                    "how much a line may come later than its successors in time; logs that are written at the end of"
                            + " flows need as much as their longest flow lasts (default: ${DEFAULT-VALUE})")
    private Duration reorder;

    @Option(
            names = "--stitch",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "the longest gap between two lines of one flow (default: ${DEFAULT-VALUE})")
    private Duration stitch;

    @Option(
            names = "--udp-idle",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "how long the NAT keeps a UDP port after the last packet (default: ${DEFAULT-VALUE})")
    private Duration udpIdle;

    @Option(
            names = "--icmp-idle",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "the same for ICMP; TCP is kept as timeouts.established says (default: ${DEFAULT-VALUE})")
    private Duration icmpIdle;

    @Option(names = "--strict", description = "the first broken line is the end, with exit code 1")
    private boolean strict;

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
            plan = plan(config);
            options = new LogOptions(
                    LogFormat.parse(format),
                    columns.map(CsvColumns::parse),
                    zone(),
                    Inside.of(inside, config.subscriber(), config.bypass()));
            sources = sources();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter err = spec.commandLine().getErr();
        LogCounts counts = new LogCounts(strict, BROKEN_TOLD, message -> {
            err.println(message);
            err.flush();
        });
        ReplayReport report;
        try (Progress progress = new Progress(totalBytes())) {
            Replay replay = Replay.open(plan, sources, options, counts, progress);
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

    private ReplayPlan plan(ProxyConfig config) {
        Set<Protocol> chosen = EnumSet.noneOf(Protocol.class);
        chosen.addAll(protocols);
        return new ReplayPlan(
                config.nat(),
                pool(config),
                chosen,
                new ReplayPlan.Timers(
                        config.timeouts().connect(), config.timeouts().established(), udpIdle, icmpIdle),
                reorder,
                stitch,
                seed.value());
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

    private ZoneId zone() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("zone: " + zone + " (expected: such as UTC or Europe/Berlin)", e);
        }
    }

    private List<LogSource> sources() {
        if (logs.size() > MOST_LOGS) {
            throw new IllegalArgumentException("logs: " + logs.size() + " (expected: at most " + MOST_LOGS + ")");
        }
        List<LogSource> sources = new ArrayList<>();
        for (String log : logs) {
            if (log.equals(STANDARD_INPUT)) {
                sources.add(new LogSource("standard input", () -> System.in));
            } else if (Files.isReadable(Path.of(log)) && !Files.isDirectory(Path.of(log))) {
                sources.add(LogSource.of(Path.of(log)));
            } else {
                throw new IllegalArgumentException("log: " + log + " (expected: a file that can be read)");
            }
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
        parameters.put("format", format);
        columns.ifPresent(map -> parameters.put("columns", map));
        configuration.putInto(parameters, config);
        parameters.put("pool", plan.pool().name());
        parameters.put("inside", String.join(",", inside));
        parameters.put(
                "protocols", plan.protocols().stream().map(Protocol::label).collect(Collectors.joining(",")));
        parameters.put("reorder", Durations.text(reorder));
        parameters.put("stitch", Durations.text(stitch));
        parameters.put("tcp-idle", Durations.text(plan.timers().tcp()));
        parameters.put("udp-idle", Durations.text(udpIdle));
        parameters.put("icmp-idle", Durations.text(icmpIdle));
        return parameters;
    }

    /** Says on a terminal how much of the logs is read. */
    private static final class Progress implements LongConsumer, AutoCloseable {
        private final Optional<ProgressBar> bar;

        Progress(long total) {
            bar = Terminal.isInteractive()
                    ? Optional.of(new ProgressBarBuilder()
                            .setTaskName("replay")
                            .setInitialMax(total == 0 ? -1 : total) // -1 is an unknown end
                            .setUnit(" MB", 1_000_000)
                            .setStyle(ProgressBarStyle.ASCII)
                            .build())
                    : Optional.empty();
        }

        @Override
        public void accept(long bytes) {
            bar.ifPresent(shown -> shown.stepBy(bytes));
        }

        /** Leaves the terminal to the report. */
        void end() {
            bar.ifPresent(ProgressBar::close);
        }

        @Override
        public void close() {
            end();
        }
    }
}
