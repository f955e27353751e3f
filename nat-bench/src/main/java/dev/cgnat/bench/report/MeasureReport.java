package dev.cgnat.bench.report;

import java.util.Locale;
import java.util.Map;

/**
 * What {@code ceiling measure} prints.
 *
 * @param ports that could be lent
 * @param foreignPorts of the pool that sockets of others kept
 */
public record MeasureReport(
        int schemaVersion,
        int ports,
        int foreignPorts,
        double holdDownSeconds,
        Overload overload,
        Calm calm,
        String rule) {
    private static final String RULE = "ports / (mean time between two grants of the same port) = ports / (hold-down +"
            + " mean lifetime), however much more is asked for";

    /**
     * Far above the ceiling, connect-per-request.
     *
     * @param ratio measured ÷ predicted
     * @param leastGapSeconds between two grants of one port; never less than the hold-down
     */
    public record Overload(
            double offeredPerSecond,
            double seconds,
            long attempted,
            long granted,
            Map<String, Long> refused,
            long gaps,
            double meanLifetimeSeconds,
            double leastGapSeconds,
            double predictedPerSecond,
            double measuredPerSecond,
            double ratio) {}

    /** At 0.8 of the ceiling, at equal distances. */
    public record Calm(
            double offeredPerSecond, double seconds, long attempted, long granted, Map<String, Long> refused) {}

    public static MeasureReport of(int ports, int foreignPorts, double holdDownSeconds, Overload overload, Calm calm) {
        return new MeasureReport(1, ports, foreignPorts, holdDownSeconds, overload, calm, RULE);
    }

    /** The same for people. */
    public String text() {
        return String.format(
                Locale.ROOT,
                """
                %d ports, hold-down %.1f s, one destination, connect-per-request%s

                far above the ceiling: %s for %.1f s
                  attempted %d, granted %d, refused: %s
                  mean lifetime %.6f s, least time between two grants of one port %.3f s (%d measured)
                  predicted  %s
                  measured   %s   ratio %.4f
                at 0.8 of the ceiling: %s for %.1f s
                  attempted %d, granted %d, refused: %s

                rule: %s
                """,
                ports,
                holdDownSeconds,
                foreignPorts == 0 ? "" : " (" + foreignPorts + " more are kept by sockets of others)",
                Numbers.perSecond(overload.offeredPerSecond),
                overload.seconds,
                overload.attempted,
                overload.granted,
                Numbers.reasons(overload.refused),
                overload.meanLifetimeSeconds,
                overload.leastGapSeconds,
                overload.gaps,
                Numbers.perSecond(overload.predictedPerSecond),
                Numbers.perSecond(overload.measuredPerSecond),
                overload.ratio,
                Numbers.perSecond(calm.offeredPerSecond),
                calm.seconds,
                calm.attempted,
                calm.granted,
                Numbers.reasons(calm.refused),
                rule);
    }
}
