package dev.cgnat.bench;

import dev.cgnat.bench.report.SavedReports;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a run that is over. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Makes a page with charts of a run that a command printed with -o json.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN.json", description = "what sim, replay, run or load printed with -o json")
    private Path run;

    @Option(names = "-o", required = true, paramLabel = "FILE", description = "one HTML file that needs no network")
    private Path page;

    @Override
    public Integer call() throws CommandException {
        HtmlOutput.requireWritable(spec, "-o", page);
        try {
            HtmlOutput.write(page, SavedReports.read(run));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return ExitCode.OK;
    }
}
