package dev.cgnat.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What {@code compare} prints: run B beside run A, metric by metric; times are in milliseconds.
 *
 * @param differences of the parameters, of what the pool can hold, of seed and versions
 * @param maxRegressPercent absent if none was set
 */
public record ComparisonReport(
        int schemaVersion,
        String command,
        List<Difference> differences,
        OptionalDouble maxRegressPercent,
        List<Row> rows) {
    private static final int SCHEMA_VERSION = 1;
    private static final Set<String> MORE_IS_BETTER =
            Set.of("granted", "success", "fairness", "first-refusal", "established", "completed", "echoed");
    private static final Set<String> LESS_IS_BETTER = Set.of(
            "refused",
            "proxy-refused",
            "failed",
            "broken",
            "refused-subscribers",
            "retries",
            "peak-in-use",
            "peak-held",
            "peak-ports",
            "connect",
            "echo",
            "refusal",
            "distance");

    private static final Set<String> TIMES = Set.of("first-refusal", "connect", "echo", "refusal", "lateness");

    /** What was asked for, and differs; absent where a run has no such thing. */
    public record Difference(String name, Optional<String> a, Optional<String> b) {}

    /** How B is to A. */
    public enum Change {
        SAME,
        BETTER,
        WORSE,
        /** A number that is neither good nor bad. */
        OTHER
    }

    /**
     * One metric.
     *
     * @param a absent if nothing was measured, or what is measured never came
     * @param percent of {@code a}; absent if that is 0 or absent
     * @param regressed whether it is worse by more than is allowed
     */
    public record Row(
            String metric,
            OptionalDouble a,
            OptionalDouble b,
            OptionalDouble difference,
            OptionalDouble percent,
            Change change,
            boolean regressed) {}

    /**
     * Compares two runs; {@link IllegalArgumentException} if they are of different commands.
     *
     * @param maxRegressPercent 0 or more
     */
    public static ComparisonReport of(SavedReport a, SavedReport b, OptionalDouble maxRegressPercent) {
        if (!a.command().equals(b.command())) {
            throw new IllegalArgumentException(
                    "command: " + a.command() + " and " + b.command() + " (expected: two runs of the same command)");
        }
        Set<String> metrics = new LinkedHashSet<>(a.metrics());
        metrics.addAll(b.metrics());
        return new ComparisonReport(
                SCHEMA_VERSION,
                a.command(),
                differences(a.run(), b.run()),
                maxRegressPercent,
                metrics.stream()
                        .map(metric -> row(metric, a.value(metric), b.value(metric), maxRegressPercent))
                        .toList());
    }

    private static List<Difference> differences(RunReport a, RunReport b) {
        SortedMap<String, String> left = circumstances(a);
        SortedMap<String, String> right = circumstances(b);
        Set<String> names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(left.get(name), right.get(name)))
                .map(name ->
                        new Difference(name, Optional.ofNullable(left.get(name)), Optional.ofNullable(right.get(name))))
                .toList();
    }

    private static SortedMap<String, String> circumstances(RunReport run) {
        SortedMap<String, String> all = new TreeMap<>(run.parameters());
        run.seed().ifPresent(seed -> all.put("seed", Long.toString(seed)));
        run.versions().forEach((name, version) -> all.put("version of " + name, version));
        all.put("interrupted", run.interrupted() ? "yes" : "no");
        if (run.capacity().known()) {
            all.put("ports of the pool", Integer.toString(run.capacity().ports()));
        }
        return all;
    }

    private static Row row(String metric, double a, double b, OptionalDouble maxRegressPercent) {
        boolean both = Double.isFinite(a) && Double.isFinite(b);
        double worse = worsePercent(metric, a, b);
        return new Row(
                metric,
                finite(a),
                finite(b),
                both ? OptionalDouble.of(Numbers.decimals(b - a, 6)) : OptionalDouble.empty(),
                both && a != 0
                        ? OptionalDouble.of(Numbers.decimals((b - a) / Math.abs(a) * 100, 2))
                        : OptionalDouble.empty(),
                change(metric, a, b, worse),
                maxRegressPercent.isPresent() && worse > maxRegressPercent.getAsDouble());
    }

    private static Change change(String metric, double a, double b, double worse) {
        if (Double.compare(a, b) == 0) {
            return Change.SAME;
        }
        String family = Vocabulary.family(metric);
        if (!MORE_IS_BETTER.contains(family) && !LESS_IS_BETTER.contains(family)) {
            return Change.OTHER;
        }
        if (Double.isNaN(a) || (Double.isNaN(b) && worse == 0)) {
            return Change.OTHER;
        }
        return worse > 0 ? Change.WORSE : Change.BETTER;
    }

    /** By how much B is worse than A, of A; not more than 0 if it is not. What A measured and B did not has got worse. */
    private static double worsePercent(String metric, double a, double b) {
        String family = Vocabulary.family(metric);
        boolean more = MORE_IS_BETTER.contains(family);
        if ((!more && !LESS_IS_BETTER.contains(family)) || Double.isNaN(a) || Double.compare(a, b) == 0) {
            return 0;
        }
        if (Double.isNaN(b)) {
            return family.equals("refusal")
                    ? 0
                    : Double.POSITIVE_INFINITY; // nobody waits for a refusal that does not come
        }
        if (Double.isInfinite(a) || Double.isInfinite(b) || a == 0) {
            return (b < a) == more ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        return (more ? a - b : b - a) / Math.abs(a) * 100;
    }

    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** Whether any metric is worse by more than is allowed. */
    public boolean isCrossed() {
        return rows.stream().anyMatch(Row::regressed);
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (!differences.isEmpty()) {
            text.append("the runs differ in\n");
            differences.forEach(one -> text.append(String.format(
                    Locale.ROOT, "  %-20s %s -> %s%n", one.name, one.a.orElse("none"), one.b.orElse("none"))));
            text.append('\n');
        }
        text.append(String.format(Locale.ROOT, "%-32s%14s%14s%14s%12s%n", command, "A", "B", "difference", "per cent"));
        for (Row row : rows) {
            text.append(String.format(
                            Locale.ROOT,
                            "%-32s%14s%14s%14s%12s  %s%n",
                            row.metric + (TIMES.contains(Vocabulary.family(row.metric)) ? " ms" : ""),
                            plain(row.a),
                            plain(row.b),
                            signed(plain(row.difference)),
                            row.percent.isPresent() ? signed(plain(row.percent)) + " %" : "",
                            row.change == Change.BETTER || row.change == Change.WORSE
                                    ? row.change.name().toLowerCase(Locale.ROOT)
                                    : "")
                    .replaceAll(" +(?=\n)", ""));
        }
        maxRegressPercent.ifPresent(percent -> text.append("\nworse by more than ")
                .append(plain(OptionalDouble.of(percent)))
                .append(" %: ")
                .append(isCrossed() ? String.join(", ", regressed()) : "none")
                .append('\n'));
        return text.toString();
    }

    private List<String> regressed() {
        return rows.stream().filter(Row::regressed).map(Row::metric).collect(Collectors.toCollection(ArrayList::new));
    }

    private static String plain(OptionalDouble value) {
        if (value.isEmpty()) {
            return "-";
        }
        BigDecimal number = BigDecimal.valueOf(value.getAsDouble()).setScale(3, RoundingMode.HALF_UP);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String signed(String number) {
        return number.startsWith("-") || number.equals("0") ? number : "+" + number;
    }
}
