package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.report.RunReport.Capacity;
import dev.cgnat.bench.report.RunReport.Distribution;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Totals;
import dev.cgnat.bench.report.RunReport.Use;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A {@link RunReport} for a terminal. */
final class RunText {
    private static final int WIDTH = 100;
    private static final int LABEL = 14;
    private static final int COLUMNS = 60;
    /** Of addresses and destinations; the page has all. */
    private static final int ROWS = 10;

    private final RunReport report;
    private final StringBuilder text = new StringBuilder();

    RunText(RunReport report) {
        this.report = report;
    }

    String text() {
        line(report.command(), report.title());
        line(
                "ran",
                Numbers.seconds(report.durationSeconds())
                        + (report.seed().isPresent() ? ", seed " + report.seed().getAsLong() : "")
                        + (report.interrupted() ? ", interrupted" : ""));
        totals(report.totals());
        if (report.capacity().known()) {
            capacity(report.capacity(), report.totals());
        } else {
            line("peak", count(report.totals().peakSessions()) + " flows; the pool was not seen");
        }
        report.subscribers().ifPresent(all -> {
            line(
                    "subscribers",
                    count(all.count()) + ", " + count(all.refusedAtLeastOnce())
                            + " of them refused at least once, fairness " + format("%.3f", all.fairness()));
            line("peak ports", distribution(all.peakPorts()));
        });
        report.connectMs().ifPresent(ms -> line("connect ms", latency(ms)));
        behaviours();
        uses("address", report.addresses());
        uses("destination", report.destinations());
        if (!report.notes().isEmpty() || !report.thresholds().isEmpty()) {
            text.append('\n');
        }
        report.notes().forEach(note -> line("note", note));
        report.thresholds().forEach(one -> line("threshold", one.text() + ": " + one.verdict()));
        return text.toString();
    }

    private void totals(Totals totals) {
        StringBuilder offered =
                new StringBuilder(count(totals.offered()) + " flows: " + count(totals.granted()) + " granted");
        totals.success()
                .ifPresent(success ->
                        offered.append(" (").append(Numbers.percent(success)).append(')'));
        if (totals.retries() > 0) {
            offered.append(", ").append(count(totals.retries())).append(" retries");
        }
        if (totals.bypassed() > 0) {
            offered.append(", ").append(count(totals.bypassed())).append(" bypassed the NAT");
        }
        line("offered", offered.toString());
        line("refused", reasons(totals.refused()) + first(totals.firstRefusalSeconds()));
    }

    private static String reasons(Map<String, Long> refused) {
        return refused.isEmpty()
                ? "none"
                : refused.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + count(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String first(OptionalDouble seconds) {
        return seconds.isPresent() ? "; the first after " + Numbers.seconds(seconds.getAsDouble()) : "";
    }

    private void capacity(Capacity capacity, Totals totals) {
        line(
                "capacity",
                count(capacity.ports()) + " ports"
                        + (capacity.slotsToOne() > 0
                                ? ", " + count(capacity.slotsToOne()) + " slots to one destination"
                                : "")
                        + (capacity.ceilingPerSecond().isPresent()
                                ? ", ceiling "
                                        + Numbers.perSecond(
                                                capacity.ceilingPerSecond().getAsDouble())
                                : ""));
        line(
                "peak",
                count(totals.peakInUse()) + " ports in use ("
                        + Numbers.percent((double) totals.peakInUse() / capacity.ports()) + "), "
                        + count(totals.peakHeld()) + " held, " + count(totals.peakSessions()) + " flows");
        if (report.samples().size() > 1) {
            line("pool use", "|" + use(capacity.ports()) + "| in tenths; . is empty, # is full");
        }
    }

    /** A character for each stretch of time, for the most that was in use, held or reserved in it. */
    private String use(int ports) {
        List<Sample> samples = report.samples();
        double end = samples.get(samples.size() - 1).atSeconds();
        int columns = Math.min(COLUMNS, samples.size());
        int[] most = new int[columns];
        for (Sample sample : samples) {
            int column = end > 0 ? (int) Math.min(columns - 1, sample.atSeconds() / end * columns) : 0;
            most[column] = Math.max(most[column], ports - sample.free());
        }
        StringBuilder bar = new StringBuilder();
        for (int used : most) {
            bar.append(used <= 0 ? '.' : used >= ports ? '#' : Character.forDigit((int) (10L * used / ports), 10));
        }
        return bar.toString();
    }

    private static String distribution(Distribution ports) {
        return format(
                "p50 %.0f, p90 %.0f, p99 %.0f, p99.9 %.0f, max %.0f, mean %.1f",
                ports.p50(), ports.p90(), ports.p99(), ports.p999(), ports.max(), ports.mean());
    }

    private static String latency(LatencySummary ms) {
        return ms.count() == 0
                ? "no samples"
                : format(
                        "p50 %.3f, p90 %.3f, p99 %.3f, p99.9 %.3f, max %.3f",
                        ms.p50(), ms.p90(), ms.p99(), ms.p999(), ms.max());
    }

    private void behaviours() {
        if (report.behaviours().isEmpty()) {
            return;
        }
        row(
                "%n%-30s%12s%13s%13s%13s%9s%10s%n",
                "behaviour", "subscribers", "wanted", "granted", "refused", "success", "fairness");
        for (Behaviour one : report.behaviours()) {
            row(
                    "%-30s%,12d%,13d%,13d%,13d%9s%10.3f%n",
                    cut(one.name(), 29),
                    one.subscribers(),
                    one.wanted(),
                    one.granted(),
                    one.refused(),
                    one.wanted() > 0 ? Numbers.percent(one.success()) : "-",
                    one.fairness());
        }
    }

    private void uses(String title, List<Use> uses) {
        if (uses.isEmpty()) {
            return;
        }
        row("%n%-46s%12s%15s%15s%n", title, "peak", "granted", "refused");
        for (Use use : uses.subList(0, Math.min(ROWS, uses.size()))) {
            row("%-46s%,12d%,15d%,15d%n", cut(use.name(), 45), use.peak(), use.granted(), use.refused());
        }
        if (uses.size() > ROWS) {
            row("and %d more%n", uses.size() - ROWS);
        }
    }

    private void row(String format, Object... values) {
        text.append(format(format, values));
    }

    private static String cut(String name, int width) {
        return name.length() <= width ? name : name.substring(0, width - 3) + "...";
    }

    /** A label and a text, which goes on below the first line where it is long. */
    private void line(String label, String words) {
        StringBuilder line = new StringBuilder(format("%-" + LABEL + "s", label));
        boolean first = true;
        for (String word : words.split(" ", -1)) {
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(" ".repeat(LABEL));
                first = true;
            }
            line.append(first ? "" : " ").append(word);
            first = false;
        }
        text.append(line).append('\n');
    }

    private static String count(long count) {
        return format("%,d", count);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
