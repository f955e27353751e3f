package dev.cgnat.bench.rfc9693;

import java.util.Comparator;
import java.util.List;

/**
 * A figure that was measured several times.
 *
 * @param values in the order of measuring, at least one
 */
public record Spread(double median, double min, double max, List<Double> values) {
    public Spread {
        values = List.copyOf(values);
    }

    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1), values);
    }
}
