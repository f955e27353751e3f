package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.core.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition on a {@link LoadReport}, such as {@code refused.exhausted==0} or {@code connect.p99<5ms}.
 *
 * @param text as it was given
 * @param metric a count ({@code refused}, {@code refused.REASON}, {@code established}, …) or a time ({@code connect.p99})
 * @param limit a count, or milliseconds
 */
public record Threshold(String text, String metric, Comparison comparison, double limit) {
    private static final Pattern SYNTAX =
            Pattern.compile("\\s*([a-z][a-z0-9._-]*)\\s*(==|!=|<=|>=|<|>)\\s*([0-9]+(?:\\.[0-9]+)?)(us|ms|s)?\\s*");
    private static final List<String> FLOWS =
            List.of("intended", "attempted", "established", "completed", "echoed", "peak-live");
    private static final List<String> TIMES = List.of("connect", "echo", "refusal", "lateness");
    private static final List<String> QUANTILES = List.of("p50", "p90", "p99", "p999", "max", "mean");
    /** What a SOCKS reply can tell; every other reason is known to the proxy alone. */
    private static final Set<String> SOCKS_REASONS = Set.of(
            "general", "denied", "unreachable", "connection", "ttl", "command", "address_type", "authentication");
    /** What the proxy tells, in its counters and by {@code Proxy-Status}. */
    private static final Set<String> NAT_REASONS =
            Stream.of(Refusal.values()).map(Refusal::label).collect(Collectors.toUnmodifiableSet());

    /** Why the proxy did not reach a destination, by {@code Proxy-Status}. */
    private static final Set<String> UNREACHED = Set.of(
            "refused",
            "timeout",
            "network_unreachable",
            "host_unreachable",
            "name_not_resolved",
            "family_not_supported");

    /** The counts that are kept by reason, with the reasons that the load counts; of the others, none ever comes. */
    private static final Map<String, Set<String>> REASONS = reasons();
    /** The numbers of answers that have no name here. */
    private static final Pattern NUMBERED = Pattern.compile("http_[3-5][0-9]{2}|socks_[0-9]{1,3}");

    /** How the value and the limit are compared. */
    public enum Comparison {
        EQUAL,
        DIFFERENT,
        LESS,
        AT_MOST,
        MORE,
        AT_LEAST;

        static Comparison of(String sign) {
            return switch (sign) {
                case "==" -> EQUAL;
                case "!=" -> DIFFERENT;
                case "<" -> LESS;
                case "<=" -> AT_MOST;
                case ">" -> MORE;
                default -> AT_LEAST;
            };
        }

        boolean holds(double value, double limit) {
            int order = Double.compare(value, limit);
            return switch (this) {
                case EQUAL -> order == 0;
                case DIFFERENT -> order != 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case MORE -> order > 0;
                case AT_LEAST -> order >= 0;
            };
        }
    }

    /** A threshold of its text; {@link IllegalArgumentException} if there is no such metric, or no such reason. */
    public static Threshold parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "threshold: " + text + " (expected: METRIC, one of == != < <= > >=, and a number)");
        }
        String metric = matcher.group(1);
        String unit = Optional.ofNullable(matcher.group(4)).orElse("");
        boolean time = TIMES.contains(family(metric)) && QUANTILES.contains(reason(metric));
        boolean count = FLOWS.contains(metric) || REASONS.containsKey(family(metric));
        if (!time && !count) {
            throw new IllegalArgumentException(
                    "threshold: " + metric + " (expected: a count: " + String.join(", ", FLOWS) + "; "
                            + String.join(", ", REASONS.keySet()) + ", each alone or with .REASON; or a time: "
                            + String.join(", ", TIMES) + ", each with one of ." + String.join(" .", QUANTILES) + ")");
        }
        if (!time && !FLOWS.contains(metric)) {
            requireReason(metric);
        }
        if (time == unit.isEmpty()) {
            throw new IllegalArgumentException(
                    "threshold: " + text + " (expected: " + (time ? "us, ms or s" : "no unit") + " behind the number)");
        }
        double factor = unit.equals("s") ? 1e3 : unit.equals("us") ? 1e-3 : 1;
        return new Threshold(
                text, metric, Comparison.of(matcher.group(2)), Double.parseDouble(matcher.group(3)) * factor);
    }

    private static void requireReason(String metric) {
        Set<String> known = REASONS.getOrDefault(family(metric), Set.of());
        boolean isNumbered = family(metric).equals("refused")
                && NUMBERED.matcher(reason(metric)).matches();
        if (metric.contains(".") && !known.contains(reason(metric)) && !isNumbered) {
            throw new IllegalArgumentException(
                    "threshold: " + metric + " (expected: " + family(metric) + " alone, or with one of ."
                            + String.join(" .", known) + (family(metric).equals("refused") ? " .http_NNN .socks_N" : "")
                            + ")");
        }
    }

    private static Map<String, Set<String>> reasons() {
        Set<String> told = new TreeSet<>(SOCKS_REASONS);
        told.addAll(NAT_REASONS);
        told.addAll(UNREACHED);
        told.add("reset"); // of a forward
        Map<String, Set<String>> reasons = new LinkedHashMap<>();
        reasons.put("refused", told);
        reasons.put("proxy-refused", new TreeSet<>(NAT_REASONS));
        reasons.put(
                "failed",
                new TreeSet<>(Set.of("timeout", "connection_refused", "connect", "reset", "closed", "protocol")));
        reasons.put("broken", new TreeSet<>(Set.of("wrong_bytes", "no_echo", "closed", "reset", "protocol")));
        reasons.put("own", new TreeSet<>(Set.of("ports", "descriptors")));
        return reasons;
    }

    /** Whether only the proxy's own counters can tell, given that the clients speak SOCKS or not. */
    public boolean needsProxyCounters(boolean socks) {
        String reason = reason(metric);
        return family(metric).equals("proxy-refused")
                || (socks && family(metric).equals("refused") && !reason.isEmpty() && !SOCKS_REASONS.contains(reason));
    }

    ThresholdResult judge(LoadReport report) {
        double value = value(report);
        return new ThresholdResult(text, value, !comparison.holds(value, limit));
    }

    private double value(LoadReport report) {
        return switch (family(metric)) {
            case "refused" -> refused(report);
            case "proxy-refused" -> report.proxyRefused().map(this::count).orElse(0L);
            case "failed" -> count(report.failed());
            case "broken" -> count(report.broken());
            case "own" -> count(report.own());
            case "intended" -> report.flows().intended();
            case "attempted" -> report.flows().attempted();
            case "established" -> report.flows().established();
            case "completed" -> report.flows().completed();
            case "echoed" -> report.flows().echoed();
            case "peak-live" -> report.flows().peakLive();
            case "connect" -> quantile(report.latencyMs().connect());
            case "echo" -> quantile(report.latencyMs().echo());
            case "refusal" -> quantile(report.latencyMs().refusal());
            default -> quantile(report.latenessMs());
        };
    }

    /** A reason that the clients were not told is looked up among the proxy's. */
    private long refused(LoadReport report) {
        boolean told = reason(metric).isEmpty() || report.refused().containsKey(reason(metric));
        return told
                ? count(report.refused())
                : report.proxyRefused().map(this::count).orElse(0L);
    }

    private long count(Map<String, Long> counts) {
        String reason = reason(metric);
        return reason.isEmpty()
                ? counts.values().stream().mapToLong(Long::longValue).sum()
                : counts.getOrDefault(reason, 0L);
    }

    private double quantile(LatencySummary ms) {
        return switch (reason(metric)) {
            case "p50" -> ms.p50();
            case "p90" -> ms.p90();
            case "p99" -> ms.p99();
            case "p999" -> ms.p999();
            case "max" -> ms.max();
            default -> ms.mean();
        };
    }

    private static String family(String metric) {
        int dot = metric.indexOf('.');
        return dot < 0 ? metric : metric.substring(0, dot);
    }

    private static String reason(String metric) {
        int dot = metric.indexOf('.');
        return dot < 0 ? "" : metric.substring(dot + 1);
    }
}
