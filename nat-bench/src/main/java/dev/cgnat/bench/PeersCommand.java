package dev.cgnat.bench;

import dev.cgnat.bench.jmh.Machine;
import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.peers.Configurations;
import dev.cgnat.bench.peers.Effort;
import dev.cgnat.bench.peers.LabOptions;
import dev.cgnat.bench.peers.Part;
import dev.cgnat.bench.peers.PeersException;
import dev.cgnat.bench.peers.PeersReport;
import dev.cgnat.bench.peers.PeersRun;
import dev.cgnat.bench.peers.work.Worker;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.StartException;
import dev.cgnat.proxy.SyntheticSessions;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The proxy beside others. */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description =
                "Measures the proxy beside HAProxy, nginx, microsocks, dante and the kernel's NAT, in namespaces of its own.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class PeersCommand implements Callable<Integer> {
    private static final int SESSIONS_PER_SUBSCRIBER = 40;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "PART",
            description = "cps, bulk, latency, loops, memory, exhaustion, churn, admin, soak (default: all but soak)")
    private List<String> parts = List.of();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "samples of each peer (default: ${DEFAULT-VALUE})")
    private int repeats;

    @Option(
            names = "--seconds",
            paramLabel = "TIME",
            defaultValue = "1500ms",
            description = "length of a sample (default: ${DEFAULT-VALUE})")
    private Duration seconds;

    @Option(
            names = "--churn",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "how long a pool of 1000 ports is churned (default: ${DEFAULT-VALUE})")
    private Duration churn;

    @Option(
            names = "--flows",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "connections of the soak (default: ${DEFAULT-VALUE})")
    private long flows;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "200000",
            description = "sessions that live while the admin API is asked (default: ${DEFAULT-VALUE})")
    private int sessions;

    @Option(
            names = "--ours",
            paramLabel = "JAR",
            description = "the proxy (default: nat-proxy.jar beside this one, or where the build puts it)")
    private Optional<Path> ours = Optional.empty();

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            description = "of the proxy's Java, such as --jvm=-Xmx256m; may be repeated")
    private List<String> jvm = List.of();

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "40000",
            description =
                    "connections through the proxy before it is measured, for 30s at most (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "peers whose names begin so, such as ours,haproxy (default: all)")
    private List<String> only = List.of();

    @Option(names = "--keep-logs", description = "keeps configurations and logs, and says where")
    private boolean isKept;

    @Mixin
    private ReportOutput output;

    /** To stop on SIGINT; empty until the laboratory stands. */
    private volatile Optional<PeersRun> running = Optional.empty();

    @Override
    public Integer call() throws Exception {
        List<Part> chosen = chosen();
        Effort effort = effort();
        Path jar = jar();
        Path directory = Files.createTempDirectory("natbench-peers");
        PrintWriter err = spec.commandLine().getErr();
        try (Interrupt interrupt = new Interrupt(() -> running.ifPresent(PeersRun::close))) {
            try {
                LabOptions options = new LabOptions(jar, jvm, warmUp, only, directory, err);
                return measure(chosen, effort, options) && !interrupt.isRaised() ? ExitCode.OK : ExitCode.FAILURE;
            } catch (PeersException e) {
                throw new CommandException(ExitCode.BIND, "peers: " + e.getMessage(), e);
            } finally {
                if (isKept) {
                    err.println("configurations and logs: " + directory);
                    err.flush();
                } else {
                    delete(directory);
                }
            }
        }
    }

    private boolean measure(List<Part> chosen, Effort effort, LabOptions options) throws PeersException {
        try (PeersRun run = PeersRun.start(options)) {
            running = Optional.of(run);
            run.measure(chosen, effort);
            PeersReport report = run.report(Machine.since(Machine.times()).processor());
            PrintWriter out = spec.commandLine().getOut();
            out.print(output.render(report, report::text));
            out.flush();
            return report.complete();
        }
    }

    private List<Part> chosen() {
        if (parts.isEmpty()) {
            return Part.usual();
        }
        return parts.stream()
                .map(label -> Part.parse(label)
                        .orElseThrow(() -> usage("PART: " + label + " (expected: one of " + Part.labels() + ")")))
                .distinct()
                .toList();
    }

    private Effort effort() {
        if (seconds.isZero() || churn.isZero()) {
            throw usage("seconds: " + Durations.text(seconds) + ", churn: " + Durations.text(churn)
                    + " (expected: more than 0s)");
        }
        if (warmUp < 1) {
            throw usage("warm-up: " + warmUp + " (expected: at least 1)");
        }
        try {
            return new Effort(repeats, seconds, churn, flows, sessions);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Path jar() {
        Path jar = ours.orElseGet(() -> beside().stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> usage("ours: nat-proxy.jar is in none of " + beside() + " (expected: --ours JAR)")));
        if (!Files.isReadable(jar)) {
            throw usage("ours: " + jar + " (expected: a readable jar)");
        }
        return jar.toAbsolutePath().normalize();
    }

    /** Beside this program's jar, and in the tree that it was built in. */
    private static List<Path> beside() {
        try {
            Path home = Path.of(PeersCommand.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("");
            return List.of(
                    home.resolve("nat-proxy.jar"),
                    home.resolve("../../nat-proxy/target/nat-proxy.jar").normalize());
        } catch (URISyntaxException e) {
            return List.of();
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Command(name = "config", description = "Prints the configuration of a peer, or the names of all.")
    int config(
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "such as haproxy.cfg")
                    Optional<String> name) {
        PrintWriter out = spec.commandLine().getOut();
        if (name.isPresent() && !Configurations.names().contains(name.get())) {
            throw usage("NAME: " + name.get() + " (expected: one of " + Configurations.names() + ")");
        }
        out.print(name.map(Configurations::template).orElseGet(() -> String.join("\n", Configurations.names()) + "\n"));
        out.flush();
        return ExitCode.OK;
    }

    @Command(name = "crowd", hidden = true, description = "Our proxy, with sessions that have no sockets.")
    int crowd(
            @Parameters(paramLabel = "SESSIONS", description = "how many") int count,
            @Parameters(paramLabel = "FILE", description = "configuration") Path file)
            throws ConfigException, StartException, InterruptedException {
        try (NatProxy proxy = NatProxy.start(ConfigLoader.load(Optional.of(file), Optional.empty()))) {
            SyntheticSessions.fill(proxy, count, Math.max(1, count / SESSIONS_PER_SUBSCRIBER));
            new CountDownLatch(1).await(); // until it is stopped
        }
        return ExitCode.OK;
    }

    @Command(name = "worker", hidden = true, description = "Clients or server of a run, told by standard input.")
    int worker(@Parameters(paramLabel = "PREFIX", description = "addresses of the clients") String sources)
            throws IOException, InterruptedException {
        try (Worker worker = new Worker(sources);
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            worker.run(orders, spec.commandLine().getOut());
        }
        return ExitCode.OK;
    }
}
