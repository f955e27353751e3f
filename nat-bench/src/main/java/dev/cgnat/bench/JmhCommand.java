package dev.cgnat.bench;

import dev.cgnat.bench.jmh.BenchCase;
import dev.cgnat.bench.jmh.BenchException;
import dev.cgnat.bench.jmh.BenchPlan;
import dev.cgnat.bench.jmh.BenchRunner;
import dev.cgnat.bench.jmh.Effort;
import dev.cgnat.bench.jmh.Machine;
import dev.cgnat.bench.jmh.Measurement;
import dev.cgnat.bench.report.JmhReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a decision costs. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = "Measures what a grant and a release cost, beside the searches of other NATs.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class JmhCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            defaultValue = "",
            description = "rows to measure, a regular expression that is found in their names (default: all)")
    private Pattern pattern;

    @Option(
            names = "--slots",
            paramLabel = "N",
            split = ",",
            description = "sizes of the port space, K = 1,024, M = 1,048,576 (default: 1M,16M,64M, with --quick 1M)")
    private List<SlotCount> slots = List.of();

    @Option(
            names = "--fill",
            paramLabel = "PERCENT",
            split = ",",
            description = "occupancies of the port space (default: 0,50,90,99,99.99, with --quick 50,99.99)")
    private List<Double> fills = List.of();

    @Option(
            names = "--quick",
            description = "short iterations, and a fraction of the flows for sparse, nat and gate: rough figures")
    private boolean isQuick;

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() {
        for (double fill : fills) {
            if (!(fill >= 0 && fill < 100)) {
                throw new ParameterException(
                        spec.commandLine(), "fill: " + fill + " (expected: 0 or more, less than 100)");
            }
        }
        BenchPlan plan = new BenchPlan(slotCounts(), fillPercents(), isQuick);
        List<BenchCase> cases = plan.cases(pattern);
        if (cases.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "PATTERN: " + pattern + " (expected: to be found in one of " + plan.names() + ")");
        }
        long[] before = Machine.times();
        BenchRunner runner = new BenchRunner(isQuick ? Effort.quick() : Effort.normal());
        List<Measurement> measurements = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (BenchCase one : cases) {
            try {
                Measurement measurement = runner.run(one);
                measurements.add(measurement);
                tell(measurement, measurements.size() + failed.size(), cases.size());
            } catch (BenchException e) { // the others may still have enough memory
                failed.add(String.valueOf(e.getMessage()));
                spec.commandLine().getErr().println(e.log());
            }
        }
        JmhReport report = JmhReport.of(Machine.since(before), measurements, failed);
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(report, report::text));
        out.flush();
        return failed.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private List<Integer> slotCounts() {
        List<SlotCount> chosen = slots;
        if (chosen.isEmpty()) {
            chosen = (isQuick ? List.of("1M") : List.of("1M", "16M", "64M"))
                    .stream().map(SlotCount::parse).toList();
        }
        return chosen.stream().map(SlotCount::value).distinct().toList();
    }

    private List<Double> fillPercents() {
        if (!fills.isEmpty()) {
            return fills.stream().distinct().toList();
        }
        return isQuick ? List.of(50.0, 99.99) : List.of(0.0, 50.0, 90.0, 99.0, 99.99);
    }

    private void tell(Measurement measurement, int done, int all) {
        BenchCase one = measurement.benchCase();
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                Locale.ROOT,
                "%d/%d %s, %d of %d slots used: %.1f ns, %.2f refs%n",
                done,
                all,
                one.name(),
                one.used(),
                one.slots(),
                measurement.cpuNanos(),
                measurement.refs());
        err.flush();
    }
}
