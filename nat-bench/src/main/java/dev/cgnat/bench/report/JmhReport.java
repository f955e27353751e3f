package dev.cgnat.bench.report;

import dev.cgnat.bench.jmh.BenchCase;
import dev.cgnat.bench.jmh.Machine;
import dev.cgnat.bench.jmh.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What {@code jmh} prints; numbers are rounded.
 *
 * @param refNanos median over the rows, 0 if there are none
 * @param failed what could not be measured, and why
 */
public record JmhReport(
        int schemaVersion,
        Optional<String> processor,
        int processors,
        String java,
        OptionalDouble stealPercent,
        double refNanos,
        List<Row> rows,
        List<String> failed,
        List<String> rules) {
    private static final int SCHEMA_VERSION = 1;
    private static final List<String> RULES = List.of(
            "a pair is one grant and one release; occupancy stays; ns are processor time of the measuring thread",
            "1 ref = one dependent random read of 64 bytes over 512 MB, measured in the same process after each iteration",
            "net = less the row's baseline, which is the benchmark's own cost with no allocator in it",
            "refused = grants refused although a slot was free; what they cost counts, a second try does not",
            "pairs/s are by the clock, of all threads together; cpu = what they had of one processor, less than 100 % of one"
                    + " thread where others or the garbage collector took its place");

    /**
     * One measurement; see {@link Measurement}.
     *
     * @param processorPercent of one processor that the measuring threads had together; less than 100 for one thread if
     *     others, or the collector, ran in its place
     * @param netNanos less the baseline's, never less than 0, where there is a baseline
     */
    public record Row(
            String name,
            long slots,
            double fillPercent,
            int threads,
            double nanos,
            OptionalDouble netNanos,
            double refs,
            OptionalDouble netRefs,
            double bytesPerPair,
            double refusedPercent,
            long pairsPerSecond,
            double processorPercent,
            double refNanos) {}

    /** The report of one run. */
    public static JmhReport of(Machine machine, List<Measurement> measurements, List<String> failed) {
        return new JmhReport(
                SCHEMA_VERSION,
                machine.processor(),
                machine.processors(),
                machine.java(),
                Numbers.rate(machine.stealPercent()),
                Numbers.decimals(medianRef(measurements), 1),
                measurements.stream()
                        .map(one -> row(one, baseline(one, measurements)))
                        .toList(),
                List.copyOf(failed),
                RULES);
    }

    private static double medianRef(List<Measurement> measurements) {
        return measurements.stream()
                .mapToDouble(Measurement::refNanos)
                .sorted()
                .skip(measurements.size() / 2)
                .findFirst()
                .orElse(0);
    }

    private static Optional<Measurement> baseline(Measurement one, List<Measurement> all) {
        BenchCase measured = one.benchCase();
        return all.stream()
                .filter(other -> other.benchCase().name().equals(measured.baseline())
                        && !measured.name().equals(measured.baseline())
                        && other.benchCase().slots() == measured.slots()
                        && other.benchCase().used() == measured.used())
                .findFirst();
    }

    private static Row row(Measurement one, Optional<Measurement> baseline) {
        BenchCase measured = one.benchCase();
        return new Row(
                measured.name(),
                measured.slots(),
                Numbers.decimals(100.0 * measured.used() / measured.slots(), 2),
                measured.threads(),
                Numbers.decimals(one.cpuNanos(), 1),
                net(one.cpuNanos(), baseline.map(Measurement::cpuNanos), 1),
                Numbers.decimals(one.refs(), 2),
                net(one.refs(), baseline.map(Measurement::refs), 2),
                Numbers.decimals(one.bytes(), 2),
                Numbers.decimals(100 * one.refusedRatio(), 3),
                Math.round(one.pairsPerSecond()),
                Numbers.rate(one.cpuNanos() * one.pairsPerSecond() / 1e7),
                Numbers.decimals(one.refNanos(), 1));
    }

    private static OptionalDouble net(double gross, Optional<Double> own, int decimals) {
        return own.isPresent()
                ? OptionalDouble.of(Numbers.decimals(Math.max(0, gross - own.get()), decimals))
                : OptionalDouble.empty();
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s, %d processors, Java %s%s; 1 ref = %.1f ns%n%n",
                processor.orElse("unknown processor"),
                processors,
                java,
                stealPercent.isPresent() ? ", steal " + stealPercent.getAsDouble() + " %" : "",
                refNanos));
        line(
                text,
                "what",
                "slots",
                "fill %",
                "threads",
                "ns",
                "net",
                "refs",
                "net",
                "bytes",
                "refused %",
                "pairs/s",
                "cpu %");
        line(text, "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        for (Row row : rows) {
            line(
                    text,
                    row.name,
                    "" + row.slots,
                    "" + row.fillPercent,
                    "" + row.threads,
                    "" + row.nanos,
                    text(row.netNanos),
                    "" + row.refs,
                    text(row.netRefs),
                    "" + row.bytesPerPair,
                    "" + row.refusedPercent,
                    "" + row.pairsPerSecond,
                    "" + row.processorPercent);
        }
        text.append('\n');
        failed.forEach(reason -> text.append("failed: ").append(reason).append('\n'));
        rules.forEach(rule -> text.append("rule: ").append(rule).append('\n'));
        return text.toString();
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? "" + value.getAsDouble() : "";
    }

    private static void line(StringBuilder text, Object... cells) {
        text.append(String.format(
                Locale.ROOT, "| %-17s | %11s | %6s | %7s | %9s | %9s | %7s | %7s | %7s | %9s | %9s | %6s |%n", cells));
    }
}
