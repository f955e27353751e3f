package dev.cgnat.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The same run for several values of one key of the configuration.
 *
 * @param key such as {@code pools.0.blocks.size}
 * @param steps in the order in which the values were given
 */
public record SweepReport(int schemaVersion, String command, String key, List<Step> steps) {
    /** The run with one value. */
    public record Step(String value, RunReport report) {}

    public SweepReport {
        steps = List.copyOf(steps);
    }

    /** The sweep of a command that prints {@link RunReport}s. */
    public static SweepReport of(String command, String key, List<Step> steps) {
        return new SweepReport(RunReport.SCHEMA_VERSION, command, key, steps);
    }

    /** A line for each value. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (!steps.isEmpty()) {
            text.append(steps.get(0).report.title()).append('\n');
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%-24s %13s %13s %13s %10s %12s %12s %10s%n",
                key,
                "offered",
                "granted",
                "refused",
                "refused",
                "peak in use",
                "1st refusal",
                "fairness"));
        for (Step step : steps) {
            RunReport.Totals totals = step.report.totals();
            OptionalDouble first = totals.firstRefusalSeconds();
            text.append(String.format(
                    Locale.ROOT,
                    "%-24s %,13d %,13d %,13d %9.4f%% %,12d %12s %10.4f%s%n",
                    step.value,
                    totals.offered(),
                    totals.granted(),
                    totals.refusedTotal(),
                    totals.offered() == 0 ? 0 : 100.0 * totals.refusedTotal() / totals.offered(),
                    totals.peakInUse(),
                    first.isPresent() ? String.format(Locale.ROOT, "%,.1f s", first.getAsDouble()) : "none",
                    step.report
                            .subscribers()
                            .map(RunReport.Subscribers::fairness)
                            .orElse(1.0),
                    step.report.interrupted() ? "  interrupted" : ""));
        }
        return text.toString();
    }
}
