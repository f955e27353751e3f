package dev.cgnat.bench.report;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * What {@code load} prints.
 *
 * @param interrupted whether the run was ended before its time
 * @param refused by reason, as the client was told
 * @param own the driver's own shortage, never the NAT's
 * @param proxyRefused by reason, as the proxy counted it meanwhile, whoever caused it; absent unless it was asked
 * @param firstRefusalSeconds after the beginning; absent if the clients were refused nothing
 * @param poolPorts of all pools of the proxy; absent unless it was asked
 * @param samples one a second, or one in several where the run is long; of their refusals the reasons are the proxy's if it was
 *     asked, else the clients'; the states of ports are 0 unless it was asked
 */
public record LoadReport(
        int schemaVersion,
        Parameters parameters,
        double elapsedSeconds,
        boolean interrupted,
        Flows flows,
        SortedMap<String, Long> refused,
        SortedMap<String, Long> failed,
        SortedMap<String, Long> broken,
        SortedMap<String, Long> own,
        Optional<SortedMap<String, Long>> proxyRefused,
        Rates perSecond,
        Latencies latencyMs,
        LatencySummary latenessMs,
        Bytes bytes,
        List<ThresholdResult> thresholds,
        OptionalDouble firstRefusalSeconds,
        SortedMap<String, String> versions,
        OptionalInt poolPorts,
        List<RunReport.Sample> samples)
        implements SavedReport {
    private static final int SCHEMA_VERSION = 1;
    private static final String BY_WORKLOAD = "by workload";

    public LoadReport {
        thresholds = List.copyOf(thresholds);
        samples = List.copyOf(samples);
    }

    /** What was asked for. */
    public record Parameters(
            List<String> targets,
            String via,
            double ratePerSecond,
            String arrival,
            double durationSeconds,
            String hold,
            String close,
            int payload,
            int subscribers,
            int maxLive,
            long seed) {}

    /** See {@link LoadCounts}. */
    public record Flows(long intended, long attempted, long established, long completed, long echoed, int peakLive) {}

    /** Over the time of the arrivals. */
    public record Rates(double intended, double attempted, double established, double refused) {}

    /** From the intended beginning, in milliseconds. */
    public record Latencies(LatencySummary connect, LatencySummary echo, LatencySummary refusal) {}

    /** Payload. */
    public record Bytes(long sent, long received) {}

    /**
     * The report of a run, before its thresholds are judged.
     *
     * @param workload name of the workload that said what flows there are; empty = the plan did
     */
    public static LoadReport of(
            LoadResult result,
            Optional<String> workload,
            boolean interrupted,
            Optional<SortedMap<String, Long>> proxyRefused,
            SortedMap<String, String> versions,
            OptionalInt poolPorts,
            List<RunReport.Sample> samples) {
        LoadPlan plan = result.plan();
        LoadCounts counts = result.counts();
        double seconds = Math.max(result.elapsed().toNanos(), 1) / 1e9;
        return new LoadReport(
                SCHEMA_VERSION,
                new Parameters(
                        plan.targets().stream().map(Endpoints::text).toList(),
                        plan.via().toString(),
                        plan.ratePerSecond(),
                        workload.map(name -> BY_WORKLOAD + " " + name)
                                .orElse(plan.arrivals().name().toLowerCase(Locale.ROOT)),
                        plan.duration().toMillis() / 1e3,
                        workload.isPresent() ? BY_WORKLOAD : plan.hold().toString(),
                        workload.isPresent() ? BY_WORKLOAD : plan.close().name().toLowerCase(Locale.ROOT),
                        plan.payload(),
                        result.subscribers(),
                        plan.maxLive(),
                        plan.seed()),
                Numbers.decimals(seconds, 3),
                interrupted,
                new Flows(
                        counts.intended(),
                        counts.attempted(),
                        counts.established(),
                        counts.completed(),
                        counts.echoed(),
                        counts.peakLive()),
                counts.refused(),
                counts.failed(),
                counts.broken(),
                counts.own(),
                proxyRefused,
                new Rates(
                        Numbers.rate(counts.intended() / seconds),
                        Numbers.rate(counts.attempted() / seconds),
                        Numbers.rate(counts.established() / seconds),
                        Numbers.rate(counts.refusedTotal() / seconds)),
                new Latencies(
                        LatencySummary.of(result.connect()),
                        LatencySummary.of(result.echo()),
                        LatencySummary.of(result.refusal())),
                LatencySummary.of(result.lateness()),
                new Bytes(counts.bytesSent(), counts.bytesReceived()),
                List.of(),
                result.firstRefusal()
                        .map(after -> OptionalDouble.of(Numbers.decimals(after.toNanos() / 1e9, 3)))
                        .orElse(OptionalDouble.empty()),
                versions,
                poolPorts,
                samples);
    }

    /** The same with its thresholds judged; {@link IllegalArgumentException} if one asks for what no load has. */
    public LoadReport judged(List<Threshold> asked) {
        return new LoadReport(
                schemaVersion,
                parameters,
                elapsedSeconds,
                interrupted,
                flows,
                refused,
                failed,
                broken,
                own,
                proxyRefused,
                perSecond,
                latencyMs,
                latenessMs,
                bytes,
                asked.stream()
                        .map(threshold -> threshold.judge(LoadMetrics.value(threshold.metric(), this)))
                        .toList(),
                firstRefusalSeconds,
                versions,
                poolPorts,
                samples);
    }

    /** Whether any threshold is crossed. */
    public boolean isCrossed() {
        return thresholds.stream().anyMatch(ThresholdResult::crossed);
    }

    @Override
    public String command() {
        return "load";
    }

    @Override
    public RunReport run() {
        return LoadRun.of(this);
    }

    @Override
    public List<String> metrics() {
        return LoadMetrics.names(this);
    }

    @Override
    public double value(String metric) {
        return LoadMetrics.value(metric, this);
    }

    /** The same for people. */
    @Override
    public String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "load",
                "%s %s, %s, hold %s, %d subscribers, seed %d",
                rateText(),
                parameters.arrival,
                parameters.via,
                parameters.hold,
                parameters.subscribers,
                parameters.seed);
        line(text, "ran", "%.1f s%s", elapsedSeconds, interrupted ? ", interrupted" : "");
        line(
                text,
                "flows",
                "%d intended, %d attempted, %d established, %d completed, %d echoed",
                flows.intended,
                flows.attempted,
                flows.established,
                flows.completed,
                flows.echoed);
        line(text, "open flows", "%d at most, %d when the run ended", flows.peakLive, openAtEnd());
        line(
                text,
                "per second",
                "%s intended, %s attempted, %s established, %s refused",
                perSecond.intended,
                perSecond.attempted,
                perSecond.established,
                perSecond.refused);
        reasons(text, "refused", refused);
        proxyRefused.ifPresent(counts -> reasons(text, "proxy says", counts));
        reasons(text, "failed", failed);
        reasons(text, "broken", broken);
        reasons(text, "own shortage", own);
        text.append(String.format(
                Locale.ROOT, "%n%-14s%9s%10s%10s%10s%10s%10s%n", "ms", "count", "p50", "p90", "p99", "p99.9", "max"));
        latency(text, "connect", latencyMs.connect);
        latency(text, "echo", latencyMs.echo);
        latency(text, "refusal", latencyMs.refusal);
        latency(text, "own lateness", latenessMs);
        line(text, "bytes", "%d sent, %d received", bytes.sent, bytes.received);
        for (ThresholdResult threshold : thresholds) {
            line(text, "threshold", "%s: %s", threshold.text(), threshold.verdict());
        }
        return text.toString();
    }

    /** Established flows whose hold time was not over. */
    private long openAtEnd() {
        return flows.established
                - flows.completed
                - broken.values().stream().mapToLong(Long::longValue).sum();
    }

    private String rateText() {
        return Numbers.perSecond(parameters.ratePerSecond);
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-14s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }

    private static void reasons(StringBuilder text, String name, Map<String, Long> counts) {
        line(text, name, "%s", Numbers.reasons(counts));
    }

    private static void latency(StringBuilder text, String name, LatencySummary ms) {
        text.append(String.format(
                Locale.ROOT,
                "%-14s%9d%10.3f%10.3f%10.3f%10.3f%10.3f%n",
                name,
                ms.count(),
                ms.p50(),
                ms.p90(),
                ms.p99(),
                ms.p999(),
                ms.max()));
    }
}
