package dev.cgnat.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The metrics of one kind of report.
 *
 * @param numbers counts and ratios
 * @param parts counts and ratios that stand alone, or with {@code .PART} for one of the parts given
 * @param numbered parts that have no name, of {@code refused}
 * @param spreads counts that each have quantiles
 * @param times times that each have quantiles
 * @param moments times
 */
record Vocabulary(
        List<String> numbers,
        Map<String, ? extends Set<String>> parts,
        Pattern numbered,
        List<String> spreads,
        List<String> times,
        List<String> moments) {
    static final List<String> QUANTILES = List.of("p50", "p90", "p99", "p999", "max", "mean");

    /** Refuses what no report has, with {@link IllegalArgumentException}: so that no run is in vain. */
    void require(Threshold threshold) {
        String metric = threshold.metric();
        boolean time = moments.contains(metric) || isQuantile(times, metric);
        boolean number =
                numbers.contains(metric) || isQuantile(spreads, metric) || parts.containsKey(metric) || isPart(metric);
        if (!time && !number) {
            throw new IllegalArgumentException("threshold: " + metric + " (expected: " + expected(metric) + ")");
        }
        if (time != threshold.time()) {
            throw new IllegalArgumentException("threshold: " + threshold.text() + " (expected: "
                    + (time ? "us, ms, s, m or h" : "no unit") + " behind the number)");
        }
    }

    private boolean isPart(String metric) {
        Set<String> known = parts.get(family(metric));
        return known != null
                && (known.contains(part(metric))
                        || (family(metric).equals("refused")
                                && numbered.matcher(part(metric)).matches()));
    }

    private static boolean isQuantile(List<String> families, String metric) {
        return families.contains(family(metric)) && QUANTILES.contains(part(metric));
    }

    private String expected(String metric) {
        String family = family(metric);
        Set<String> known = parts.get(family);
        if (known != null && !known.isEmpty()) {
            return family + " alone, or with one of ." + String.join(" .", known)
                    + (family.equals("refused") && numbered.matcher("http_400").matches() ? " .http_NNN .socks_N" : "");
        }
        if (times.contains(family) || spreads.contains(family)) {
            return family + " with one of ." + String.join(" .", QUANTILES);
        }
        List<String> counts = new ArrayList<>(numbers);
        counts.addAll(parts.keySet().stream().map(name -> name + "[.PART]").toList());
        counts.addAll(spreads.stream().map(name -> name + ".QUANTILE").toList());
        List<String> durations = new ArrayList<>(moments);
        durations.addAll(times.stream().map(name -> name + ".QUANTILE").toList());
        return "a number: " + String.join(", ", counts) + "; or a time: " + String.join(", ", durations)
                + "; QUANTILE is one of " + String.join(" ", QUANTILES);
    }

    /** What stands before the first dot. */
    static String family(String metric) {
        int dot = metric.indexOf('.');
        return dot < 0 ? metric : metric.substring(0, dot);
    }

    /** What stands behind the first dot, or nothing. */
    static String part(String metric) {
        int dot = metric.indexOf('.');
        return dot < 0 ? "" : metric.substring(dot + 1);
    }
}
