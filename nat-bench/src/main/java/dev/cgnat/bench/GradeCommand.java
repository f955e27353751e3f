package dev.cgnat.bench;

import dev.cgnat.bench.grade.Findings;
import dev.cgnat.bench.grade.GradePlan;
import dev.cgnat.bench.grade.Grader;
import dev.cgnat.bench.grade.ProfileWriter;
import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.report.GradeReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A NAT examined from outside. */
@Command(
        name = "grade",
        mixinStandardHelpOptions = true,
        description =
                "Finds out from outside how a NAT or proxy lends its ports, and judges it by RFC 4787, 5382 and 6888.",
        footer = "It runs the NAT's pool dry, as far as its bounds allow: do not point it at one that others use.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class GradeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--via",
            paramLabel = "WAY",
            description =
                    "socks5://HOST:PORT, http://HOST:PORT, or forward with --forwards; twice for two ways into the same"
                            + " NAT, which the question of its mapping needs")
    private List<Via> ways = new ArrayList<>();

    @Option(names = "--transparent", description = "the NAT is not seen: connect straight to the sinks")
    private boolean transparent;

    @Option(
            names = "--sinks",
            paramLabel = "HOST:PORT[-PORT][,...]",
            defaultValue = "127.0.0.1:0,127.0.0.1:0,127.0.0.2:0",
            description =
                    "where to listen behind the NAT: the first is run dry, another port of its address and another"
                            + " address tell scopes apart (default: ${DEFAULT-VALUE})")
    private String sinks;

    @Option(names = "--remote", description = "the sinks run there already, by natbench serve --tell")
    private boolean remote;

    @Option(
            names = "--forwards",
            paramLabel = "HOST:PORT[-PORT][,...]",
            description = "with --via forward: the NAT's ports that lead to the sinks, in their order")
    private Optional<String> forwards = Optional.empty();

    @Option(
            names = "--sources",
            paramLabel = "PREFIX",
            defaultValue = "127.1.0.0/16",
            description = "prefix of the clients' addresses, each a subscriber (default: ${DEFAULT-VALUE})")
    private String sources;

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            defaultValue = "256",
            description = "client addresses at most (default: ${DEFAULT-VALUE})")
    private int subscribers;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "5000",
            description = "tries at most (default: ${DEFAULT-VALUE})")
    private int maxConnections;

    @Option(
            names = "--max-time",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "when to stop; a longer hold-down is not seen (default: ${DEFAULT-VALUE})")
    private Duration maxTime;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "how long an answer is awaited before it is called silence (default: ${DEFAULT-VALUE})")
    private Duration patience;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the client ports (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--profile-out",
            paramLabel = "FILE",
            description = "write what was found as a configuration for natproxy run -c")
    private Optional<Path> profileOut = Optional.empty();

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() throws Exception {
        GradePlan plan;
        try {
            plan = plan();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        try (Grader grader = Grader.open(plan, text -> {
                    err.println(text);
                    err.flush();
                });
                Interrupt interrupt = new Interrupt(grader::stop)) {
            Findings findings = grader.run();
            String via = via(plan);
            GradeReport report = GradeReport.of(via, findings);
            out.print(output.render(report, report::text));
            out.flush();
            if (profileOut.isPresent() && !interrupt.isRaised()) {
                write(profileOut.get(), ProfileWriter.write(findings, via));
                err.println("wrote " + profileOut.get());
                err.flush();
            }
        }
        return ExitCode.OK;
    }

    private GradePlan plan() {
        if (transparent == !ways.isEmpty()) {
            throw new IllegalArgumentException("Missing option: --via WAY or --transparent, one of both");
        }
        return new GradePlan(
                transparent ? List.of(Via.parse("direct")) : ways,
                endpoints(sinks),
                remote,
                forwards.map(GradeCommand::endpoints).orElse(List.of()),
                sources,
                subscribers,
                new GradePlan.Bounds(maxConnections, maxTime, patience),
                seed);
    }

    private static List<InetSocketAddress> endpoints(String text) {
        return Endpoints.parseList(text).stream().map(Endpoints::resolved).toList();
    }

    private static String via(GradePlan plan) {
        if (plan.ways().get(0) instanceof Via.Direct) {
            return "a NAT on the way to " + Endpoints.text(plan.sinks().get(0));
        }
        if (plan.ways().get(0) instanceof Via.Forward) {
            return plan.forwards().stream().map(Endpoints::text).collect(Collectors.joining(", "));
        }
        return plan.ways().stream().map(Via::toString).collect(Collectors.joining(", "));
    }

    private static void write(Path file, String profile) throws IOException {
        try {
            Files.writeString(file, profile);
        } catch (IOException e) {
            throw new IOException("profile-out: " + file + " cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
