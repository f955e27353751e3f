package dev.cgnat.bench.grade;

import dev.cgnat.bench.grade.Selection.Kind;
import dev.cgnat.bench.grade.Selection.Preference;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * How the next port follows from the ones before.
 *
 * <p>A guesser may look at a port in several ways: by itself, as a step from the last one of its address, as a step from the
 * subscriber's own last one, against the client's port. In each it has so many candidates: 1 ÷ the share of the commonest value
 * if that is seen in half of the cases, else the span of the values (extended as for the German tanks). It takes the way with the
 * fewest.
 */
final class SelectionAnalysis {
    private static final int FEWEST = 8;
    private static final double MOSTLY = 0.75;
    private static final double HALF = 0.5;
    private static final double DOUBT = 0.001;
    private static final double SIGMAS = 3.3;
    private static final int FEWEST_UNIFORM = 16;
    private static final int BINS = 8;
    private static final int PER_BIN = 6;
    private static final int PARITY_FLOWS = 16;
    /** A step is short if it is within this part of the range. */
    private static final double SHORT_STEP = 0.25;

    private final List<Flow> draws;
    private final PortRange range;
    private final OptionalInt blockSize;

    private SelectionAnalysis(List<Flow> draws, PortRange range, OptionalInt blockSize) {
        this.draws = draws;
        this.range = range;
        this.blockSize = blockSize;
    }

    /**
     * @param draws to one destination, in their order
     * @param blockSize set if ports are lent in blocks
     */
    static Finding<Selection> of(List<Flow> draws, PortRange range, OptionalInt blockSize) {
        if (draws.size() < FEWEST) {
            return Finding.notSeen("not seen: only " + Text.count(draws.size(), "port") + " drawn");
        }
        return new SelectionAnalysis(draws, range, blockSize).judged();
    }

    private Finding<Selection> judged() {
        List<Flow> able = couldKeepTheirs();
        long kept = able.stream().filter(SelectionAnalysis::isClients).count();
        boolean preserves = able.size() >= FEWEST / 2 && kept >= MOSTLY * able.size();
        List<Flow> drawn =
                preserves ? draws.stream().filter(flow -> !isClients(flow)).toList() : draws;
        String keeps = able.isEmpty() ? "" : kept + " of " + able.size() + " client ports that were free were kept";
        if (drawn.size() < FEWEST) {
            return preserves
                    ? Finding.of(new Selection(Optional.empty(), Preference.SAME_PORT, 0), keeps)
                    : Finding.notSeen("not seen: only " + Text.count(drawn.size(), "port") + " drawn");
        }
        List<Integer> steps = steps(drawn, flow -> flow.external().address().toString());
        List<Integer> ownSteps = steps(
                drawn, flow -> flow.external().address() + " " + flow.intent().subscriber());
        double ofLast = candidates(steps);
        double ofOwn = candidates(ownSteps);
        double ofPort = blockSize.isPresent()
                ? blockSize.getAsInt()
                : candidates(drawn.stream().map(flow -> flow.external().port()).toList());
        double fewest = preserves ? 1 : Math.max(1, Math.min(ofPort, Math.min(ofLast, ofOwn)));
        double bits = Math.log(fewest) / Math.log(2);
        Kind kind = kind(drawn, steps, ownSteps, Math.min(ofLast, ofOwn));
        boolean parity = !preserves
                && drawn.size() >= PARITY_FLOWS
                && drawn.stream()
                        .allMatch(flow -> (flow.external().port()
                                                - flow.intent().internal().port())
                                        % 2
                                == 0);
        String evidence = String.format(
                Locale.ROOT,
                "%s: %.0f %% one after the last, %.0f %% one after the subscriber's last, serial correlation %.2f%s",
                Text.count(drawn.size(), "draw"),
                100 * share(steps, 1),
                100 * share(ownSteps, 1),
                correlation(drawn),
                keeps.isEmpty() ? "" : "; " + keeps);
        Preference prefer = preserves ? Preference.SAME_PORT : parity ? Preference.PARITY : Preference.NONE;
        return Finding.of(new Selection(Optional.of(kind), prefer, bits), evidence);
    }

    private Kind kind(List<Flow> drawn, List<Integer> steps, List<Integer> ownSteps, double stepCandidates) {
        if (blockSize.isEmpty() && share(steps, 1) >= MOSTLY) {
            return Kind.SEQUENTIAL;
        }
        if (share(ownSteps, 1) >= MOSTLY) {
            return blockSize.isPresent() ? Kind.SEQUENTIAL : Kind.SEQUENTIAL_PER_SUBSCRIBER;
        }
        if (blockSize.isPresent()) {
            return Kind.UNIFORM;
        }
        if (stepCandidates < SHORT_STEP * range.size()) {
            return Kind.RANDOM_INCREMENTS;
        }
        return isUniform(drawn) ? Kind.UNIFORM : Kind.OTHER;
    }

    /** Flows whose client port is in the range and was free on the address that they got. */
    private List<Flow> couldKeepTheirs() {
        List<Flow> able = new ArrayList<>();
        Map<IpAddress, List<Integer>> taken = new HashMap<>();
        for (Flow flow : draws) {
            int own = flow.intent().internal().port();
            List<Integer> before = taken.computeIfAbsent(flow.external().address(), key -> new ArrayList<>());
            if (range.contains(own) && !before.contains(own)) {
                able.add(flow);
            }
            before.add(flow.external().port());
        }
        return able;
    }

    private static boolean isClients(Flow flow) {
        return flow.external().port() == flow.intent().internal().port();
    }

    /** From one port to the next of the same series, around the range. */
    private List<Integer> steps(List<Flow> drawn, Function<Flow, String> series) {
        List<Integer> steps = new ArrayList<>();
        Map<String, Integer> last = new HashMap<>();
        for (Flow flow : drawn) {
            int port = flow.external().port();
            Integer before = last.put(series.apply(flow), port);
            if (before != null) {
                steps.add(Math.floorMod(port - before, range.size()));
            }
        }
        return steps;
    }

    private double candidates(List<Integer> values) {
        if (values.size() < FEWEST) {
            return range.size();
        }
        Map<Integer, Long> counts =
                values.stream().collect(Collectors.groupingBy(value -> value, Collectors.counting()));
        double commonest =
                counts.values().stream().mapToLong(count -> count).max().orElse(0) / (double) values.size();
        if (commonest >= HALF) {
            return 1 / commonest;
        }
        int lowest = values.stream().mapToInt(value -> value).min().orElse(0);
        int highest = values.stream().mapToInt(value -> value).max().orElse(0);
        double n = values.size();
        return Math.min(range.size(), (highest - lowest + 1) * (n + 1) / (n - 1));
    }

    private static double share(List<Integer> values, int wanted) {
        return values.isEmpty()
                ? 0
                : values.stream().filter(value -> value == wanted).count() / (double) values.size();
    }

    /** By the first half, as the last free ports of a nearly full pool lie where they lie, however they are searched. */
    private boolean isUniform(List<Flow> all) {
        List<Flow> drawn = all.subList(0, Math.max(Math.min(FEWEST_UNIFORM, all.size()), all.size() / 2));
        int n = drawn.size();
        int bins = Math.min(Math.min(BINS, n / PER_BIN), range.size());
        if (Math.abs(correlation(drawn)) > SIGMAS / Math.sqrt(n) + 1.0 / n) {
            return false;
        }
        if (bins < 2) {
            return true;
        }
        int[] counts = new int[bins];
        for (Flow flow : drawn) {
            int bin = (int) ((long) (flow.external().port() - range.first()) * bins / range.size());
            counts[Math.max(0, Math.min(bins - 1, bin))]++;
        }
        double expected = n / (double) bins;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        return ChiSquaredDistribution.of(bins - 1).survivalProbability(chiSquare) > DOUBT;
    }

    /** Of each port with the next. */
    private static double correlation(List<Flow> drawn) {
        double mean = drawn.stream()
                .mapToInt(flow -> flow.external().port())
                .average()
                .orElse(0);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < drawn.size(); i++) {
            double here = drawn.get(i).external().port() - mean;
            squares += here * here;
            if (i > 0) {
                products += here * (drawn.get(i - 1).external().port() - mean);
            }
        }
        return squares == 0 ? 0 : products / squares;
    }
}
