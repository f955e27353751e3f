package dev.cgnat.bench;

import dev.cgnat.bench.load.Descriptors;
import dev.cgnat.bench.report.DemoReport;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The main job: a pool runs dry before the user's eyes. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Runs a NAT pool dry on loopback, with an embedded proxy, a sink and clients; half a minute.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class DemoCommand implements Callable<Integer> {
    private static final String PROFILE = "demo";
    /** Two flows per port (one to each destination), each with one descriptor of the client, two of the proxy, one of the sink. */
    private static final int DESCRIPTORS_PER_PORT = 8;
    /** Listeners, event loops, and refused flows on their way out. */
    private static final int OTHER_DESCRIPTORS = 200;

    private static final int MIN_PORTS = 20;
    private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(250);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReportOutput output;

    @Mixin
    private HtmlOutput page;

    @Override
    public Integer call() throws Exception {
        page.require(spec);
        ProxyConfig config = ConfigLoader.load(Optional.empty(), Optional.of(PROFILE));
        List<String> notes = new ArrayList<>();
        PoolConfig pool = shrink(config.nat().pools().get(0), notes);
        PrintWriter err = spec.commandLine().getErr();
        DemoScreen.Mode mode = Terminal.isInteractive() ? DemoScreen.Mode.IN_PLACE : DemoScreen.Mode.LINES;
        DemoReport report;
        try (Laboratory laboratory = Laboratory.start(config, pool, 2)) {
            laboratory.shrunk().ifPresent(notes::add);
            err.println(laboratory.listening());
            notes.forEach(note -> err.println("note: " + note));
            List<Sample> samples;
            try (SampleSeries series =
                            SampleSeries.start(new PoolCourse(laboratory::pool), Duration.ZERO, SAMPLE_INTERVAL);
                    DemoScreen screen = new DemoScreen(err, mode, laboratory::pool)) {
                report = new Demo(laboratory, screen, pool.holdDown().clientFin()).run(config.profile(), notes);
                samples = series.finish();
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(output.render(report, report::text));
            out.flush();
            page.write(report.run(Versions.all(), samples));
        }
        return report.asExpected() ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** Fewer ports where the machine does not allow enough descriptors. */
    private static PoolConfig shrink(PoolConfig pool, List<String> notes) throws CommandException {
        int affordable = (Descriptors.available() - OTHER_DESCRIPTORS) / DESCRIPTORS_PER_PORT;
        if (affordable >= pool.usablePorts()) {
            return pool;
        }
        if (affordable < MIN_PORTS) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "descriptors left: " + Descriptors.available() + " (expected: at least "
                            + (OTHER_DESCRIPTORS + MIN_PORTS * DESCRIPTORS_PER_PORT)
                            + "; raise the limit of open files, such as by ulimit -n 8192)",
                    new IllegalStateException());
        }
        PortRange all = pool.ports().get(0);
        notes.add("the limit of file descriptors allows " + affordable + " ports instead of " + pool.usablePorts());
        return pool.withPorts(new PortRange(all.first(), all.first() + affordable - 1));
    }
}
