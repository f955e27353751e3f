package dev.cgnat.bench.report;

import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.report.RunReport.Distribution;
import dev.cgnat.bench.report.RunReport.Totals;
import dev.cgnat.bench.report.RunReport.Use;
import java.util.List;
import java.util.Locale;

/** A {@link RunReport} for people, without its samples. */
public final class RunText {
    private static final int MOST_ROWS = 10;

    private RunText() {}

    /** Several lines, with a line feed at the end. */
    public static String of(RunReport report) {
        StringBuilder text = new StringBuilder();
        Totals totals = report.totals();
        line(text, report.title(), "");
        report.parameters().forEach((name, value) -> line(text, "  " + name, value));
        report.seed().ifPresent(seed -> line(text, "  seed", Long.toString(seed)));
        line(
                text,
                "ran",
                String.format(
                        Locale.ROOT,
                        "%,.1f s%s",
                        report.durationSeconds(),
                        report.interrupted() ? ", interrupted" : ""));
        line(
                text,
                "capacity",
                String.format(
                        Locale.ROOT,
                        "%,d ports, %,d slots to one destination%s",
                        report.capacity().ports(),
                        report.capacity().slotsToOne(),
                        report.capacity().ceilingPerSecond().isPresent()
                                ? ", " + Numbers.perSecond(report.capacity()
                                                .ceilingPerSecond()
                                                .getAsDouble())
                                        + " for ever"
                                : ""));
        line(
                text,
                "flows",
                String.format(
                        Locale.ROOT,
                        "%,d offered, %,d granted, %,d refused, %,d retries, %,d bypassed",
                        totals.offered(),
                        totals.granted(),
                        totals.refusedTotal(),
                        totals.retries(),
                        totals.bypassed()));
        line(text, "refused", Numbers.reasons(totals.refused()));
        totals.firstRefusalSeconds()
                .ifPresent(at -> line(text, "first refusal", String.format(Locale.ROOT, "after %,.3f s", at)));
        line(
                text,
                "at most",
                String.format(
                        Locale.ROOT,
                        "%,d ports in use, %,d held, %,d flows at a time",
                        totals.peakInUse(),
                        totals.peakHeld(),
                        totals.peakSessions()));
        report.connectMs()
                .ifPresent(ms -> line(
                        text,
                        "waited, ms",
                        String.format(
                                Locale.ROOT,
                                "%,d flows, p50 %.3f, p99 %.3f, max %.3f",
                                ms.count(),
                                ms.p50(),
                                ms.p99(),
                                ms.max())));
        report.subscribers().ifPresent(subscribers -> {
            Distribution ports = subscribers.peakPorts();
            line(
                    text,
                    "subscribers",
                    String.format(
                            Locale.ROOT,
                            "%,d asked, %,d were refused at least once, fairness %.4f",
                            subscribers.count(),
                            subscribers.refusedAtLeastOnce(),
                            subscribers.fairness()));
            line(
                    text,
                    "peak ports",
                    String.format(
                            Locale.ROOT,
                            "of each: p50 %.0f, p90 %.0f, p99 %.0f, p99.9 %.0f, max %.0f, mean %.1f",
                            ports.p50(),
                            ports.p90(),
                            ports.p99(),
                            ports.p999(),
                            ports.max(),
                            ports.mean()));
        });
        behaviours(text, report.behaviours());
        uses(text, "external address", report.addresses());
        uses(text, "destination", report.destinations());
        report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        report.thresholds()
                .forEach(threshold -> text.append(threshold.crossed() ? "crossed: " : "kept: ")
                        .append(threshold.text())
                        .append(String.format(Locale.ROOT, " (%s)%n", threshold.value())));
        return text.toString();
    }

    private static void behaviours(StringBuilder text, List<Behaviour> behaviours) {
        if (behaviours.isEmpty()) {
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%-20s %12s %13s %13s %13s %10s %10s%n",
                "behaviour",
                "subscribers",
                "wanted",
                "granted",
                "refused",
                "success",
                "fairness"));
        for (Behaviour behaviour : behaviours) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s %,12d %,13d %,13d %,13d %9.2f%% %10.4f%n",
                    behaviour.name(),
                    behaviour.subscribers(),
                    behaviour.wanted(),
                    behaviour.granted(),
                    behaviour.refused(),
                    100 * behaviour.success(),
                    behaviour.fairness()));
        }
    }

    private static void uses(StringBuilder text, String what, List<Use> uses) {
        if (uses.isEmpty()) {
            return;
        }
        text.append(String.format(
                Locale.ROOT, "%n%-30s %12s %13s %13s%n", what, "flows, peak", "granted", "refused"));
        for (Use use : uses.subList(0, Math.min(uses.size(), MOST_ROWS))) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-30s %,12d %,13d %,13d%n",
                    use.name(),
                    use.peak(),
                    use.granted(),
                    use.refused()));
        }
        if (uses.size() > MOST_ROWS) {
            text.append(String.format(Locale.ROOT, "and %d more%n", uses.size() - MOST_ROWS));
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-13s %s", name, value).stripTrailing()).append('\n');
    }
}
