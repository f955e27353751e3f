package dev.cgnat.bench.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * What {@code replay} prints: a {@link RunReport}, whose keys stand at the top, and what only a log has.
 *
 * @param needed absent if there were no flows
 */
public record ReplayReport(@JsonUnwrapped RunReport run, Log log, Optional<Needed> needed) {
    /**
     * What became of the lines.
     *
     * @param lines that tell of traffic, in all logs together, as far as they were read
     * @param skipped understood, but not flows from inside to outside, by reason
     * @param broken not understood
     * @param late came later than the window lets, be it that their flow began late, was added to another or was left out
     * @param latestSeconds how wide the window would have had to be; absent if nothing was late
     * @param stitched were added to the flow that they go on with
     * @param replies were added to the flow that they answer
     */
    public record Log(
            long lines,
            SortedMap<String, Long> skipped,
            long broken,
            long late,
            Optional<Double> latestSeconds,
            long stitched,
            long replies) {}

    /**
     * What would have fitted.
     *
     * @param unit within which each port is used once, and which would have needed the most, such as
     *     {@code tcp 198.18.0.1:443}
     * @param ports live and at rest at a time, had nothing been refused
     * @param available ports that the pool has for it
     * @param addresses that the pool would have needed with its ports; absent if further ones do not help
     */
    public record Needed(String unit, int ports, int available, OptionalInt addresses) {}

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder(run.text());
        text.append(String.format(
                Locale.ROOT,
                "%n%-13s %,d lines, %,d broken, %,d stitched, %,d replies, %,d late%s%n",
                "log",
                log.lines,
                log.broken,
                log.stitched,
                log.replies,
                log.late,
                log.latestSeconds
                        .map(seconds -> String.format(Locale.ROOT, " (none with --reorder %.0fs)", Math.ceil(seconds)))
                        .orElse("")));
        text.append(String.format(Locale.ROOT, "%-13s %s%n", "skipped", Numbers.reasons(log.skipped)));
        needed.ifPresent(most -> text.append(String.format(
                Locale.ROOT,
                "%-13s %,d ports for %s (live and at rest, nothing refused); the pool has %,d%s%n",
                "needed",
                most.ports,
                most.unit,
                most.available,
                most.addresses.isPresent()
                        ? String.format(Locale.ROOT, ": %,d addresses would do", most.addresses.getAsInt())
                        : "")));
        return text.toString();
    }
}
