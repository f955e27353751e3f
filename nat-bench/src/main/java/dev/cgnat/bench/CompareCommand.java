package dev.cgnat.bench;

import dev.cgnat.bench.report.ComparisonReport;
import dev.cgnat.bench.report.SavedReports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Two runs side by side. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compares two runs of the same command, metric by metric.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A.json", description = "the run to compare with, from -o json")
    private Path first;

    @Parameters(index = "1", paramLabel = "B.json", description = "the run to judge, from -o json")
    private Path second;

    @Option(
            names = "--max-regress",
            paramLabel = "PERCENT",
            description = "such as 5%%; exit code 99 if a metric of B is worse than that of A by more")
    private Optional<Percent> maxRegress = Optional.empty();

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() {
        ComparisonReport report;
        try {
            report = ComparisonReport.of(
                    SavedReports.read(first),
                    SavedReports.read(second),
                    maxRegress
                            .map(percent -> OptionalDouble.of(percent.value()))
                            .orElse(OptionalDouble.empty()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(report, report::text));
        out.flush();
        return report.isCrossed() ? ExitCode.THRESHOLD : ExitCode.OK;
    }
}
