package dev.cgnat.bench;

import dev.cgnat.bench.report.LogReport;
import dev.cgnat.bench.size.LogVolume;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Bytes per day of the translation log. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Says how much the proxy's translation log grows in a day, for each policy and format.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class LogCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--flows-per-day", paramLabel = "N", required = true, description = "flows in a day")
    private double flowsPerDay;

    @Option(
            names = "--blocks-per-day",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "port blocks lent in a day, as cgn_block_allocations_total counts them (default: ${DEFAULT-VALUE})")
    private double blocksPerDay;

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() {
        LogVolume volume;
        try {
            volume = new LogVolume(flowsPerDay, blocksPerDay);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        LogReport report = LogReport.of(volume);
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(report, report::text));
        out.flush();
        return ExitCode.OK;
    }
}
