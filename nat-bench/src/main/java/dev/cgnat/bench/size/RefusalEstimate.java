package dev.cgnat.bench.size;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The probability that a flow is refused, from independent runs, with an interval that holds the true one with a probability
 * of 95 %. Of flows that could have been others, as those of a workload, or of flows that are all there are, as those of a log:
 * then it is about what the NAT draws alone.
 *
 * @param runs 1 or more
 * @param offered flows that asked, over all runs
 * @param refused by reason, over all runs
 * @param mean over the runs
 * @param low 0 or more
 * @param high at most 1
 */
public record RefusalEstimate(
        int runs, long offered, SortedMap<String, Long> refused, double mean, double low, double high) {
    private static final double CONFIDENCE = 0.95;
    /** None of n seen: the true share is at most 3 ÷ n with 95 %. */
    private static final double RULE_OF_THREE = 3;

    /** Of independent {@code trials}, at least one, each with flows of its own. */
    public static RefusalEstimate of(List<Trial> trials) {
        return of(trials, Math.min(1, RULE_OF_THREE / Math.max(1, offered(trials))));
    }

    /** Of {@code trials} of the same flows, at least one: what all of them say is so. */
    public static RefusalEstimate ofAll(List<Trial> trials) {
        double first = trials.get(0).refusal();
        if (trials.stream().allMatch(trial -> trial.refusal() == first)) {
            return new RefusalEstimate(trials.size(), offered(trials), refused(trials), first, first, first);
        }
        return of(trials, 0);
    }

    /** @param unseen the share that may be refused though none of the flows was */
    private static RefusalEstimate of(List<Trial> trials, double unseen) {
        long offered = offered(trials);
        SortedMap<String, Long> refused = refused(trials);
        double mean = trials.stream().mapToDouble(Trial::refusal).average().orElseThrow();
        int runs = trials.size();
        if (mean == 0) {
            return new RefusalEstimate(runs, offered, refused, 0, 0, unseen);
        }
        if (runs == 1) {
            return new RefusalEstimate(runs, offered, refused, mean, 0, 1); // flows of one run depend on one another
        }
        double squares = trials.stream()
                .mapToDouble(trial -> Math.pow(trial.refusal() - mean, 2))
                .sum();
        double error = Math.sqrt(squares / (runs - 1) / runs);
        double half = TDistribution.of(runs - 1).inverseSurvivalProbability((1 - CONFIDENCE) / 2) * error;
        return new RefusalEstimate(
                runs, offered, refused, mean, Math.max(0, mean - half), Math.min(1, Math.max(mean + half, unseen)));
    }

    private static long offered(List<Trial> trials) {
        return trials.stream().mapToLong(Trial::offered).sum();
    }

    private static SortedMap<String, Long> refused(List<Trial> trials) {
        SortedMap<String, Long> refused = new TreeMap<>();
        trials.forEach(trial -> trial.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum)));
        return refused;
    }

    /** Whether it is shown that no more than {@code target} are refused. */
    public boolean meets(double target) {
        return high <= target;
    }

    /** What most of the refused were told; empty if nobody was refused. */
    public String mainReason() {
        return refused.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
