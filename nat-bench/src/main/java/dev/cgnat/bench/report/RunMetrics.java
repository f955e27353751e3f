package dev.cgnat.bench.report;

import static dev.cgnat.bench.report.Vocabulary.family;
import static dev.cgnat.bench.report.Vocabulary.part;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.report.RunReport.Distribution;
import dev.cgnat.bench.report.RunReport.Subscribers;
import dev.cgnat.bench.report.RunReport.Totals;
import dev.cgnat.core.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics of a {@link RunReport}, by which thresholds judge it and runs are compared. */
public final class RunMetrics {
    private static final List<String> NUMBERS = List.of(
            "offered",
            "granted",
            "bypassed",
            "retries",
            "peak-in-use",
            "peak-held",
            "peak-sessions",
            "subscribers",
            "refused-subscribers");
    private static final Set<String> REASONS =
            Stream.of(Refusal.values()).map(Refusal::label).collect(Collectors.toCollection(TreeSet::new));
    /** What two runs of one scenario can differ in. */
    static final List<String> DISTANCES = List.of("granted", "refused", "ports");

    private static final Pattern NONE = Pattern.compile("(?!)");

    private RunMetrics() {}

    /**
     * Refuses a threshold on what no run has, with {@link IllegalArgumentException} that names what it has.
     *
     * @param behaviours names of the kinds of subscribers that the run will have
     */
    public static void require(List<Threshold> thresholds, Collection<String> behaviours) {
        require(thresholds, parts(new TreeSet<>(behaviours)));
    }

    /** The same for a {@link TwinReport}, which tells of no kinds of subscribers. */
    public static void requireTwin(List<Threshold> thresholds) {
        Map<String, Set<String>> parts = parts(Set.of());
        parts.put("distance", new TreeSet<>(DISTANCES));
        require(thresholds, parts);
    }

    private static Map<String, Set<String>> parts(Set<String> kinds) {
        Map<String, Set<String>> parts = new LinkedHashMap<>();
        parts.put("refused", REASONS);
        parts.put("success", kinds);
        parts.put("fairness", kinds);
        return parts;
    }

    private static void require(List<Threshold> thresholds, Map<String, Set<String>> parts) {
        Vocabulary vocabulary = new Vocabulary(
                NUMBERS, parts, NONE, List.of("peak-ports"), List.of("connect"), List.of("first-refusal"));
        thresholds.forEach(vocabulary::require);
    }

    static List<String> names(RunReport report) {
        List<String> names = new ArrayList<>(List.of("offered", "granted", "success", "refused"));
        report.totals().refused().keySet().forEach(reason -> names.add("refused." + reason));
        names.addAll(List.of("first-refusal", "bypassed", "retries", "peak-in-use", "peak-held", "peak-sessions"));
        if (report.subscribers().isPresent()) {
            names.addAll(List.of("subscribers", "refused-subscribers", "fairness"));
            Vocabulary.QUANTILES.forEach(quantile -> names.add("peak-ports." + quantile));
        }
        for (Behaviour behaviour : report.behaviours()) {
            names.add("success." + behaviour.name());
            names.add("fairness." + behaviour.name());
        }
        if (report.connectMs().isPresent()) {
            Vocabulary.QUANTILES.forEach(quantile -> names.add("connect." + quantile));
        }
        return names;
    }

    static double value(String metric, RunReport report) {
        Totals totals = report.totals();
        return switch (family(metric)) {
            case "offered" -> totals.offered();
            case "granted" -> totals.granted();
            case "refused" ->
                part(metric).isEmpty()
                        ? totals.refusedTotal()
                        : totals.refused().getOrDefault(part(metric), 0L);
            case "success" ->
                part(metric).isEmpty()
                        ? totals.success().orElse(Double.NaN)
                        : behaviour(part(metric), report, Behaviour::success);
            case "fairness" ->
                part(metric).isEmpty()
                        ? subscribers(report, Subscribers::fairness)
                        : behaviour(part(metric), report, Behaviour::fairness);
            case "bypassed" -> totals.bypassed();
            case "retries" -> totals.retries();
            case "peak-in-use" -> report.capacity().known() ? totals.peakInUse() : Double.NaN;
            case "peak-held" -> report.capacity().known() ? totals.peakHeld() : Double.NaN;
            case "peak-sessions" -> totals.peakSessions();
            case "subscribers" -> subscribers(report, Subscribers::count);
            case "refused-subscribers" -> subscribers(report, Subscribers::refusedAtLeastOnce);
            case "peak-ports" -> subscribers(report, all -> quantile(part(metric), all.peakPorts()));
            case "first-refusal" -> totals.firstRefusalSeconds().orElse(Double.POSITIVE_INFINITY) * 1e3;
            case "connect" ->
                report.connectMs().map(times -> quantile(part(metric), times)).orElse(Double.NaN);
            default -> throw new IllegalArgumentException("metric: " + metric + " (expected: one of a run)");
        };
    }

    private static double behaviour(String name, RunReport report, ToDoubleFunction<Behaviour> value) {
        return report.behaviours().stream()
                .filter(one -> one.name().equals(name) && one.wanted() > 0)
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double subscribers(RunReport report, ToDoubleFunction<Subscribers> value) {
        return report.subscribers()
                .filter(all -> all.count() > 0)
                .map(value::applyAsDouble)
                .orElse(Double.NaN);
    }

    /** {@code NaN} if nothing was measured. */
    static double quantile(String name, LatencySummary ms) {
        if (ms.count() == 0) {
            return Double.NaN;
        }
        return switch (name) {
            case "p50" -> ms.p50();
            case "p90" -> ms.p90();
            case "p99" -> ms.p99();
            case "p999" -> ms.p999();
            case "max" -> ms.max();
            default -> ms.mean();
        };
    }

    private static double quantile(String name, Distribution ports) {
        return switch (name) {
            case "p50" -> ports.p50();
            case "p90" -> ports.p90();
            case "p99" -> ports.p99();
            case "p999" -> ports.p999();
            case "max" -> ports.max();
            default -> ports.mean();
        };
    }
}
