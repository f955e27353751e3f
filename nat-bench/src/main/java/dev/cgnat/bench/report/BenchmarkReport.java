package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What {@code load --benchmark} prints: the figures of RFC 9693, each beside what the driver comes to without the NAT.
 *
 * @param via the way through the NAT
 * @param tableConnections that the table was loaded with for the rates
 * @param lostAfterMs a connection that stood later than this was lost
 * @param repeats of each rate
 * @param interrupted whether it was ended before its time; figures that were not complete are absent
 * @param establishment highest connections per second without a loss
 * @param tearDown connections per second
 */
public record BenchmarkReport(
        int schemaVersion,
        List<String> targets,
        String via,
        String directTarget,
        int tableConnections,
        int lostAfterMs,
        int repeats,
        boolean interrupted,
        Optional<Figure> establishment,
        Optional<Figure> tearDown,
        Optional<Capacity> capacity,
        SortedMap<String, String> versions) {
    public static final int SCHEMA_VERSION = 1;
    /** A NAT that reaches so much of what the driver does alone may be faster than the driver. */
    private static final double CEILING = 0.9;

    /**
     * A rate per second.
     *
     * @param nat through the NAT, driver without it; absent if it could not be measured
     * @param limit what stood in the way of more: {@code nat} or {@code driver}
     * @param losses of the last trial that failed, by reason
     */
    public record Figure(Optional<Values> nat, Optional<Values> driver, String limit, SortedMap<String, Long> losses) {
        /** Of two measurements. */
        public static Figure of(Optional<Values> nat, Optional<Values> driver, SortedMap<String, Long> losses) {
            double ceiling = driver.map(Values::median).orElse(Double.POSITIVE_INFINITY);
            String limit = nat.isPresent() && nat.get().median() >= CEILING * ceiling ? "driver" : "nat";
            return new Figure(nat, driver, limit, losses);
        }
    }

    /** Measured several times, in the order of {@code values}. */
    public record Values(double median, double min, double max, List<Double> values) {}

    /**
     * Connections that stood at a time.
     *
     * @param isBound whether the NAT may hold more than were asked for
     * @param driver connections that the driver could hold, or was allowed
     * @param refused of the NAT when it was full, by reason
     * @param answerMs how long a further echo over each standing connection took
     */
    public record Capacity(
            int nat, boolean isBound, int driver, SortedMap<String, Long> refused, LatencySummary answerMs) {}

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "benchmark",
                "RFC 9693 by TCP, %s to %s%s",
                via,
                String.join(",", targets),
                interrupted ? ", interrupted" : "");
        line(
                text,
                "table",
                "%d connections, lost if not standing after %d ms, every rate %d times",
                tableConnections,
                lostAfterMs,
                repeats);
        text.append(
                String.format(Locale.ROOT, "%n%-30s%12s%12s%12s%14s%n", "", "median", "least", "most", "driver alone"));
        establishment.ifPresent(figure -> figure(text, "max. establishment rate, /s", figure));
        tearDown.ifPresent(figure -> figure(text, "tear-down rate, /s", figure));
        capacity.ifPresent(table -> text.append(String.format(
                Locale.ROOT,
                "%-30s%12s%12s%12s%14d   %s%n",
                "table capacity, connections",
                (table.isBound ? ">= " : "") + table.nat,
                "",
                "",
                table.driver,
                table.isBound ? "no more were asked for" : "then " + Numbers.reasons(table.refused))));
        capacity.ifPresent(table -> line(
                text,
                "phase 2",
                "%d of %d standing connections answered, p50 %.3f ms, p99 %.3f ms",
                table.answerMs.count(),
                table.nat,
                table.answerMs.p50(),
                table.answerMs.p99()));
        line(text, "driver alone", "direct to %s", directTarget);
        return text.toString();
    }

    private static void figure(StringBuilder text, String name, Figure figure) {
        text.append(String.format(
                Locale.ROOT,
                "%-30s%12s%12s%12s%14s   %s%n",
                name,
                figure.nat.map(values -> whole(values.median)).orElse("none"),
                figure.nat.map(values -> whole(values.min)).orElse(""),
                figure.nat.map(values -> whole(values.max)).orElse(""),
                figure.driver.map(values -> whole(values.median)).orElse("none"),
                figure.limit.equals("driver")
                        ? "limited by the driver"
                        : figure.losses.isEmpty() ? "" : "beyond: " + Numbers.reasons(figure.losses)));
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-14s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
