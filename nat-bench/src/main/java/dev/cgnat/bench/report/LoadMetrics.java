package dev.cgnat.bench.report;

import static dev.cgnat.bench.report.Vocabulary.family;
import static dev.cgnat.bench.report.Vocabulary.part;

import dev.cgnat.core.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics of a {@link LoadReport}, by which thresholds judge it and runs are compared. */
public final class LoadMetrics {
    private static final List<String> FLOWS =
            List.of("intended", "attempted", "established", "completed", "echoed", "peak-live");
    private static final List<String> TIMES = List.of("connect", "echo", "refusal", "lateness");
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

    /** The numbers of answers that have no name here. */
    private static final Pattern NUMBERED = Pattern.compile("http_[3-5][0-9]{2}|socks_[0-9]{1,3}");

    private static final Vocabulary VOCABULARY =
            new Vocabulary(FLOWS, reasons(), NUMBERED, List.of(), TIMES, List.of());

    private LoadMetrics() {}

    /** Refuses a threshold on what no load has, with {@link IllegalArgumentException} that names what it has. */
    public static void require(List<Threshold> thresholds) {
        thresholds.forEach(VOCABULARY::require);
    }

    /** Whether only the proxy's own counters can tell, given that the clients speak SOCKS or not. */
    public static boolean needProxyCounters(Threshold threshold, boolean socks) {
        String reason = part(threshold.metric());
        String family = family(threshold.metric());
        return family.equals("proxy-refused")
                || (socks && family.equals("refused") && !reason.isEmpty() && !SOCKS_REASONS.contains(reason));
    }

    /** The counts that are kept by reason, with the reasons that the load counts; of the others, none ever comes. */
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

    static List<String> names(LoadReport report) {
        List<String> names = new ArrayList<>(FLOWS);
        add(names, "refused", report.refused());
        report.proxyRefused().ifPresent(counts -> add(names, "proxy-refused", counts));
        add(names, "failed", report.failed());
        add(names, "broken", report.broken());
        add(names, "own", report.own());
        TIMES.forEach(time -> Vocabulary.QUANTILES.forEach(quantile -> names.add(time + "." + quantile)));
        return names;
    }

    private static void add(List<String> names, String family, Map<String, Long> counts) {
        names.add(family);
        counts.keySet().forEach(reason -> names.add(family + "." + reason));
    }

    static double value(String metric, LoadReport report) {
        String reason = part(metric);
        return switch (family(metric)) {
            case "refused" -> refused(reason, report);
            case "proxy-refused" ->
                report.proxyRefused()
                        .map(counts -> (double) count(reason, counts))
                        .orElse(Double.NaN);
            case "failed" -> count(reason, report.failed());
            case "broken" -> count(reason, report.broken());
            case "own" -> count(reason, report.own());
            case "intended" -> report.flows().intended();
            case "attempted" -> report.flows().attempted();
            case "established" -> report.flows().established();
            case "completed" -> report.flows().completed();
            case "echoed" -> report.flows().echoed();
            case "peak-live" -> report.flows().peakLive();
            case "connect" -> RunMetrics.quantile(reason, report.latencyMs().connect());
            case "echo" -> RunMetrics.quantile(reason, report.latencyMs().echo());
            case "refusal" -> RunMetrics.quantile(reason, report.latencyMs().refusal());
            case "lateness" -> RunMetrics.quantile(reason, report.latenessMs());
            default -> throw new IllegalArgumentException("metric: " + metric + " (expected: one of a load)");
        };
    }

    /** A reason that the clients were not told is looked up among the proxy's. */
    private static long refused(String reason, LoadReport report) {
        boolean told = reason.isEmpty() || report.refused().containsKey(reason);
        return told
                ? count(reason, report.refused())
                : report.proxyRefused().map(counts -> count(reason, counts)).orElse(0L);
    }

    private static long count(String reason, Map<String, Long> counts) {
        return reason.isEmpty()
                ? counts.values().stream().mapToLong(Long::longValue).sum()
                : counts.getOrDefault(reason, 0L);
    }
}
