package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.work.WorkOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Several samples of each of several peers, in turn, so that whatever drifts drifts for all of them. */
final class Measurement {
    /** What is computed of a sample. */
    record Column(String name, ToDoubleFunction<Sample> value) {}

    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    /**
     * Measures; Java is let compile before, with the same work.
     *
     * @param peers those that are not installed are left out
     * @param order what is done by way of each
     */
    static Measurement of(Lab lab, int repeats, List<Peer> peers, Function<Peer, WorkOrder> order)
            throws PeersException {
        Measurement measurement = new Measurement();
        for (Peer peer : peers) {
            if (peer.isOurs()) {
                lab.settle(peer, order.apply(peer));
            }
        }
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (Peer peer : peers) {
                if (Lab.isInstalled(peer)) {
                    measurement.add(peer.name(), lab.sample(peer, order.apply(peer)));
                }
            }
        }
        return measurement;
    }

    void add(String peer, Sample sample) {
        samples.computeIfAbsent(peer, name -> new ArrayList<>()).add(sample);
    }

    /** Those taken while neither others nor compilers worked, or all if there are none. */
    private List<Sample> best(String peer) {
        List<Sample> all = samples.getOrDefault(peer, List.of());
        List<Sample> clean = all.stream().filter(Sample::isClean).toList();
        return clean.isEmpty() ? all : clean;
    }

    /** Empty if the peer was not measured. */
    OptionalDouble median(String peer, ToDoubleFunction<Sample> value) {
        return median(best(peer).stream().mapToDouble(value).toArray());
    }

    static OptionalDouble median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    /**
     * The peer's row: medians, and the ratio of the first column to the reference's.
     *
     * @param reference a peer's name, empty for no ratio
     */
    Row row(Peer peer, Optional<String> reference, List<Column> columns) {
        List<Sample> best = best(peer.name());
        if (best.isEmpty()) {
            return Row.missing(peer.name(), Lab.isInstalled(peer) ? "not measured" : "not installed");
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Column column : columns) {
            double median = median(peer.name(), column.value()).orElseThrow();
            if (Double.isFinite(median)) {
                figures.put(column.name(), PeersReport.rounded(median));
            }
        }
        ToDoubleFunction<Sample> first = columns.get(0).value();
        double own = median(peer.name(), first).orElseThrow();
        OptionalDouble ratio = reference
                .map(name -> median(name, first))
                .filter(other -> other.orElse(0) > 0 && own > 0)
                .map(other -> OptionalDouble.of(PeersReport.rounded(own / other.getAsDouble())))
                .orElse(OptionalDouble.empty());
        return new Row(peer.name(), best.size(), figures, spread(best, columns), ratio, foreign(peer), note(best));
    }

    /** Of the first column that has figures. */
    private static OptionalDouble spread(List<Sample> of, List<Column> columns) {
        for (Column column : columns) {
            double[] sorted = of.stream()
                    .mapToDouble(column.value())
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            double median = median(sorted).orElse(0);
            if (median > 0 && sorted.length > 1) {
                return OptionalDouble.of(PeersReport.rounded(100 * (sorted[sorted.length - 1] - sorted[0]) / median));
            }
        }
        return OptionalDouble.empty();
    }

    private OptionalDouble foreign(Peer peer) {
        OptionalDouble median = median(peer.name(), Sample::foreign);
        return median.isPresent() ? OptionalDouble.of(PeersReport.rounded(median.getAsDouble())) : median;
    }

    private static Optional<String> note(List<Sample> of) {
        double compilers = median(
                        of.stream().mapToDouble(Sample::compilerPercent).toArray())
                .orElse(0);
        List<String> parts = new ArrayList<>();
        if (compilers > 0) {
            parts.add("compilers " + PeersReport.rounded(compilers) + " %");
        }
        failures(of).ifPresent(parts::add);
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
    }

    private static Optional<String> failures(List<Sample> of) {
        Map<String, Long> failed = new LinkedHashMap<>();
        of.forEach(
                sample -> sample.result().failed().forEach((reason, count) -> failed.merge(reason, count, Long::sum)));
        return failed.isEmpty() ? Optional.empty() : Optional.of("failed: " + failed);
    }
}
