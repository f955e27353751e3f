package dev.cgnat.bench;

import dev.cgnat.bench.load.AdminCounters;
import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.Descriptors;
import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Rate;
import dev.cgnat.bench.load.RunningLoad;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.report.BenchmarkReport;
import dev.cgnat.bench.report.LoadReport;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.bench.workload.WorkloadDemand;
import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Open-loop load through a NAT, any NAT. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Begins flows at a given rate, whatever becomes of them, and reports what did.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class LoadCommand implements Callable<Integer> {
    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);
    private static final List<String> INSTEAD_OF_A_WORKLOAD = List.of("--rate", "--arrival", "--hold", "--close");

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "TARGET",
            description = "HOST:PORT or HOST:PORT-PORT; flows go to all of them in turn")
    private List<String> targets;

    @Option(
            names = "--via",
            defaultValue = "direct",
            paramLabel = "WAY",
            description = "socks5://HOST:PORT, http://HOST:PORT, direct, or forward: TARGET is a forward of the NAT"
                    + " (default: ${DEFAULT-VALUE})")
    private Via via;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            defaultValue = "100/s",
            description = "flows per time, such as 2000/s or 30/m (default: ${DEFAULT-VALUE})")
    private Rate rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "how long flows begin (default: ${DEFAULT-VALUE})")
    private Duration duration;

    @Option(names = "--connections", paramLabel = "N", description = "stop after so many flows")
    private Optional<Long> connections = Optional.empty();

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            defaultValue = "500",
            description = "source addresses to use (default: ${DEFAULT-VALUE})")
    private int subscribers;

    @Option(
            names = "--sources",
            paramLabel = "PREFIX",
            defaultValue = "127.1.0.0/16",
            description = "prefix that the source addresses are taken from (default: ${DEFAULT-VALUE})")
    private String sources;

    @Option(
            names = "--arrival",
            paramLabel = "PROCESS",
            defaultValue = "poisson",
            description = "poisson or constant (default: ${DEFAULT-VALUE})")
    private Arrivals arrival;

    @Option(
            names = "--hold",
            paramLabel = "HOLD",
            defaultValue = "constant:1s",
            description =
                    "constant:TIME, exponential:MEAN, lognormal:p50=TIME,p99=TIME or pareto:min=TIME,mean=TIME; how long the"
                            + " client keeps a flow;"
                            + " constant:0s is connect-per-request (default: ${DEFAULT-VALUE})")
    private HoldTime hold;

    @Option(
            names = "--close",
            paramLabel = "HOW",
            defaultValue = "client",
            description =
                    "client, reset or server: the client sends FIN first, or a reset, or asks the server to send FIN"
                            + " first, which one of natbench serve --tell does (default: ${DEFAULT-VALUE})")
    private CloseMode close;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "16",
            description = "bytes that each flow sends and expects back; 0 for targets that do not echo"
                    + " (default: ${DEFAULT-VALUE})")
    private int payload;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "for being established, and for the echo (default: ${DEFAULT-VALUE})")
    private Duration timeout;

    @Mixin
    private SeedOption seed;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "the proxy's admin listener, to read its refusals by reason")
    private Optional<URI> admin = Optional.empty();

    @Option(
            names = "--hdr-log",
            paramLabel = "FILE",
            description = "also write the connect latencies by interval, for the tools of HdrHistogram")
    private Optional<Path> hdrLog = Optional.empty();

    @Option(
            names = "--workload",
            paramLabel = "NAME|FILE",
            description = "what the subscribers do, as for sim; in the place of --rate, --arrival, --hold and --close")
    private Optional<String> workload = Optional.empty();

    @Mixin
    private RunOutput output;

    @Mixin
    private BenchmarkOptions benchmark;

    @Mixin
    private ProcessOptions processes;

    @Override
    public Integer call() throws Exception {
        if (benchmark.isAsked()) {
            benchmark.requireAlone(spec);
            return benchmark();
        }
        Optional<Workload> wanted = workload();
        Sources from;
        LoadPlan plan;
        int count;
        try {
            plan = plan(wanted);
            if (processes.isPart()) {
                return processes.takePart(spec, plan, this::sources);
            }
            from = sources(Sources.ALL_PORTS);
            count = processes.count(plan);
            if (count > 1 && wanted.isPresent()) {
                throw new IllegalArgumentException(
                        "processes: " + count + " (expected: 1 with --workload, whose subscribers are not divided)");
            }
            plan = plan.withMaxLive(plan.maxLive() * count);
            requireHttp();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        output.requireLoad(spec, via instanceof Via.Socks5, admin.isPresent());
        hdrLog.ifPresent(file -> HtmlOutput.requireWritable(spec, "hdr-log", file));
        warn(plan, from);
        Optional<AdminCounters> proxy = admin.map(AdminCounters::new);
        Optional<AdminCounters.Reading> before = read(proxy);
        Optional<LatencyLog> log = hdrLog.isPresent()
                ? Optional.of(LatencyLog.create(hdrLog.get(), "connect latencies of natbench load"))
                : Optional.empty();
        try (Loops loops = Loops.start("load", 1);
                RunningLoad driver =
                        count > 1 ? ProcessOptions.start(spec, plan, count) : drive(loops, from, plan, wanted);
                SampleSeries series = SampleSeries.start(
                        new LoadCourse(driver, proxy, before, log), plan.duration(), SAMPLE_INTERVAL);
                Interrupt interrupt = new Interrupt(driver::stop)) {
            follow(driver, plan);
            List<Sample> samples = series.finish();
            LoadResult result = driver.finish();
            Optional<AdminCounters.Reading> after = read(proxy);
            if (series.missed() > 0) {
                spec.commandLine()
                        .getErr()
                        .println("the admin listener did not answer " + series.missed()
                                + " times: the samples after these cover a longer time");
            }
            return output.finish(
                    spec,
                    LoadReport.of(
                            result,
                            wanted.map(Workload::name),
                            interrupt.isRaised(),
                            before.flatMap(earlier ->
                                    after.map(later -> Refusals.between(earlier.refused(), later.refused()))),
                            Versions.all(),
                            before.map(reading -> OptionalInt.of(reading.capacity()))
                                    .orElse(OptionalInt.empty()),
                            samples));
        } finally {
            log.ifPresent(LatencyLog::close);
        }
    }

    @SuppressWarnings("try") // what is interrupted is the run; the report says so
    private int benchmark() throws IOException, InterruptedException {
        BenchmarkRun run;
        try {
            run = new BenchmarkRun(
                    via,
                    endpoints(),
                    sources(Sources.ALL_PORTS),
                    benchmark,
                    connections,
                    line -> spec.commandLine().getErr().println(line));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        try (Interrupt interrupt = new Interrupt(run::stop)) {
            BenchmarkReport report = run.run();
            return output.finish(spec, report, report::text);
        }
    }

    private Sources sources(PortRange ports) {
        return Sources.of(sources, subscribers, ports, seed.value() * 7919);
    }

    private List<InetSocketAddress> endpoints() {
        return targets.stream()
                .flatMap(text -> Endpoints.parseList(text).stream())
                .map(endpoint -> via instanceof Via.Direct || via instanceof Via.Forward
                        ? Endpoints.resolved(endpoint)
                        : endpoint)
                .toList();
    }

    /** The workload, whose options stand alone. */
    private Optional<Workload> workload() throws ConfigException {
        if (workload.isEmpty()) {
            return Optional.empty();
        }
        for (String option : INSTEAD_OF_A_WORKLOAD) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(), option + ": given with --workload (expected: one of them)");
            }
        }
        Workload found = Workloads.load(workload.get());
        for (Group group : found.groups()) {
            if (!group.protocols().weights().keySet().equals(Set.of(Protocol.TCP))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "workload: group " + group.name() + " has protocols "
                                + group.protocols().weights().keySet()
                                + " (expected: tcp alone, as sockets carry no other here)");
            }
            if (!Set.of(CloseCause.CLIENT_FIN, CloseCause.RESET)
                    .containsAll(group.ends().weights().keySet())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "workload: group " + group.name() + " has ends "
                                + group.ends().weights().keySet()
                                + " (expected: client-fin and reset, which a client can do)");
            }
        }
        return Optional.of(found);
    }

    private static LoadDriver drive(Loops loops, Sources from, LoadPlan plan, Optional<Workload> wanted) {
        return wanted.isPresent()
                ? LoadDriver.start(
                        loops, from, plan, new WorkloadDemand(wanted.get(), plan.targets(), from.size(), plan.seed()))
                : LoadDriver.start(loops, from, plan);
    }

    private LoadPlan plan(Optional<Workload> wanted) {
        return new LoadPlan(
                endpoints(),
                via,
                wanted.isPresent() ? wanted.get().flowsPerSecond() : rate.perSecond(),
                arrival,
                duration,
                connections.orElse(Long.MAX_VALUE),
                hold,
                close,
                payload,
                timeout,
                Math.max(1, Descriptors.available()),
                seed.value());
    }

    private void requireHttp() {
        admin.filter(url ->
                        !List.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getHost() == null)
                .ifPresent(url -> {
                    throw new IllegalArgumentException(
                            "admin: " + url + " (expected: http://HOST:PORT, the proxy's admin listener)");
                });
    }

    private void warn(LoadPlan plan, Sources from) {
        PrintWriter err = spec.commandLine().getErr();
        double live = Math.min(plan.ratePerSecond() * plan.hold().meanSeconds(), plan.intendedFlows());
        if (workload.isEmpty() && live > plan.maxLive()) {
            err.printf(
                    Locale.ROOT,
                    "this load holds about %.0f flows at a time, and this process has descriptors for %d: what is beyond"
                            + " is counted as own.descriptors (raise the limit: ulimit -n)%n",
                    live,
                    plan.maxLive());
        }
        if (from.size() < subscribers) {
            err.printf(
                    Locale.ROOT,
                    "%d source address%s instead of %d: %s has no more that this machine owns%n",
                    from.size(),
                    from.size() == 1 ? "" : "es",
                    subscribers,
                    sources);
        }
        err.flush();
    }

    private Optional<AdminCounters.Reading> read(Optional<AdminCounters> proxy)
            throws CommandException, InterruptedException {
        if (proxy.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(proxy.get().read());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.ADMIN,
                    "admin: " + admin.orElseThrow() + " cannot be read ("
                            + (e instanceof ConnectException ? "nobody listens there" : e.getMessage())
                            + "; expected: the proxy's admin listener, such as http://127.0.0.1:9477)",
                    e);
        }
    }

    /** Waits until the last flow has begun and been decided. */
    private static void follow(RunningLoad driver, LoadPlan plan) throws InterruptedException, CommandException {
        try (Progress progress = Progress.of("load", Math.round(plan.intendedFlows()))) {
            progress.follow(driver.settled(), () -> {
                LoadCounts counts = driver.counts();
                progress.stepTo(counts.intended());
                progress.say(" refused " + counts.refusedTotal());
            });
        } catch (ExecutionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new CommandException(ExitCode.FAILURE, String.valueOf(reason.getMessage()), reason);
        }
    }
}
