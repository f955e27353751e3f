package dev.cgnat.bench.peers.work;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a {@link WorkOrder}: one line of JSON on the worker's standard output.
 *
 * @param done flows or requests that ended as they should; for {@code HOLD} those that stand now
 * @param failed the others, by reason
 * @param seconds from the first to the last
 * @param figures what else was measured, see {@link Figure}
 * @param text what was read, empty for most orders
 */
public record WorkResult(
        long done, SortedMap<String, Long> failed, double seconds, SortedMap<Figure, Double> figures, String text) {
    /** Names of measured values. */
    public enum Figure {
        BYTES,
        /** Bytes of the slowest flow divided by those of the fastest. */
        FAIRNESS,
        P50_MICROS,
        P99_MICROS,
        /** Connections that a server saw. */
        SEEN,
        /** Different 4-tuples among them. */
        TUPLES,
        /** Connections that began while another with the same 4-tuple lived. */
        DUPLICATES,
        /** The shortest time between the end of a connection and the beginning of the next of its 4-tuple. */
        LEAST_GAP_MILLIS
    }

    static WorkResult of(long done, Map<String, Long> failed, double seconds) {
        return new WorkResult(done, new TreeMap<>(failed), seconds, new TreeMap<>(), "");
    }

    static WorkResult ofText(String text) {
        return new WorkResult(0, new TreeMap<>(), 0, new TreeMap<>(), text);
    }

    WorkResult with(Figure figure, double value) {
        SortedMap<Figure, Double> more = new TreeMap<>(figures);
        more.put(figure, value);
        return new WorkResult(done, failed, seconds, more, text);
    }

    /** A value that this order measures, 0 if there was nothing to measure. */
    public double figure(Figure figure) {
        return figures.getOrDefault(figure, 0.0);
    }

    /** Flows or requests that did not end as they should. */
    public long failures() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }
}
