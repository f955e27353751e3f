package dev.cgnat.bench;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.LoadMetrics;
import dev.cgnat.bench.report.LoadReport;
import dev.cgnat.bench.report.RunMetrics;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.SavedReport;
import dev.cgnat.bench.report.Threshold;
import dev.cgnat.bench.report.TwinReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The options {@code -o}, {@code --report} and {@code --threshold} of the commands that end with a run: first {@link #require},
 * then the run, then {@link #finish}.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class RunOutput {
    private enum Format {
        TEXT,
        JSON,
        CSV
    }

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, or csv: a row for each sample (default: ${DEFAULT-VALUE})")
    private Format format;

    @Option(
            names = "--threshold",
            paramLabel = "CONDITION",
            description = "such as 'refused==0' or 'connect.p99<5ms'; exit code 99 if crossed; may be repeated")
    private List<Threshold> thresholds = new ArrayList<>();

    @Mixin
    private HtmlOutput page;

    /**
     * Refuses, before the run, what could not be answered after it.
     *
     * @param behaviours names of the kinds of subscribers that the run will have
     */
    void require(CommandSpec spec, Collection<String> behaviours) {
        check(spec, () -> RunMetrics.require(thresholds, behaviours));
    }

    /** The same for a load. */
    void requireLoad(CommandSpec spec, boolean socks, boolean admin) {
        check(spec, () -> {
            LoadMetrics.require(thresholds);
            thresholds.stream()
                    .filter(threshold -> !admin && LoadMetrics.needProxyCounters(threshold, socks))
                    .findFirst()
                    .ifPresent(threshold -> {
                        throw new IllegalArgumentException("threshold: " + threshold.text()
                                + " (expected: with --admin, as SOCKS tells a client no reason but refused.general)");
                    });
        });
    }

    /** The same for one scenario on two clocks. */
    void requireTwin(CommandSpec spec) {
        check(spec, () -> RunMetrics.requireTwin(thresholds));
    }

    private void check(CommandSpec spec, Runnable metrics) {
        try {
            metrics.run();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        page.require(spec);
    }

    /** Judges, prints, and writes the page; the exit code. */
    int finish(CommandSpec spec, RunReport report) throws CommandException {
        RunReport judged = report.judged(thresholds);
        return finishJudged(spec, judged);
    }

    /** The same for a load. */
    int finish(CommandSpec spec, LoadReport report) throws CommandException {
        LoadReport judged = report.judged(thresholds);
        return finishJudged(spec, judged);
    }

    /** The same for one scenario on two clocks. */
    int finish(CommandSpec spec, TwinReport report) throws CommandException {
        return finishJudged(spec, report.judged(thresholds));
    }

    /** Refuses what is made of one run alone, where there are several. */
    void requireNoRun(CommandSpec spec, String option) {
        if (format == Format.CSV || !thresholds.isEmpty() || page.isWanted()) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + ": with -o csv, --threshold or --report (expected: without, as these are of one run)");
        }
    }

    /** Prints what is not one run; the exit code. */
    int finish(CommandSpec spec, Object report, Supplier<String> text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(format == Format.JSON ? Json.pretty(report) + "\n" : text.get());
        out.flush();
        return ExitCode.OK;
    }

    private int finishJudged(CommandSpec spec, SavedReport report) throws CommandException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (format) {
                    case TEXT -> report.text();
                    case JSON -> Json.pretty(report) + "\n";
                    case CSV -> report.csv();
                });
        out.flush();
        page.write(report);
        return report.run().isCrossed() ? ExitCode.THRESHOLD : ExitCode.OK;
    }
}
