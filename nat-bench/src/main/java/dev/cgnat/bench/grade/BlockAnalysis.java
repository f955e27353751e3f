package dev.cgnat.bench.grade;

import dev.cgnat.core.address.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Whether ports are lent in blocks, and of what size.
 *
 * <p>Subscribers that ask in turn and yet stay apart have blocks: k subscribers on one address with n ports in all would do so by
 * chance only in k!·Πnᵢ! of n! orders. The size is the longest run that every subscriber fills before it goes elsewhere and that
 * divides all distances between their runs.
 */
final class BlockAnalysis {
    private static final int FIRST_FLOWS = 4;
    private static final int FEWEST_FLOWS = 3;
    private static final double CHANCE = 0.001;

    private BlockAnalysis() {}

    /**
     * @param survey draws of subscribers that asked in turn
     * @param all draws by now, of subscribers that asked until they were refused
     * @param limit flows that one subscriber may have
     */
    static Finding<Blocks> of(List<Flow> survey, List<Flow> all, OptionalLong limit) {
        Map<Integer, List<Flow>> first = bySubscriber(survey);
        first.replaceAll((subscriber, flows) -> flows.subList(0, Math.min(FIRST_FLOWS, flows.size())));
        first.values().removeIf(flows -> flows.size() < FEWEST_FLOWS);
        Map<IpAddress, List<List<Integer>>> byAddress = new HashMap<>();
        first.values().stream()
                .filter(flows -> flows.stream()
                                .map(flow -> flow.external().address())
                                .distinct()
                                .count()
                        == 1)
                .forEach(flows -> byAddress
                        .computeIfAbsent(flows.get(0).external().address(), key -> new ArrayList<>())
                        .add(ports(flows)));
        double logChance = 0;
        for (List<List<Integer>> subscribers : byAddress.values()) {
            if (!areApart(subscribers)) {
                return Finding.notSeen("none: subscribers that ask in turn get ports among each other's");
            }
            logChance += logChance(subscribers);
        }
        if (logChance > Math.log(CHANCE)) {
            return Finding.notSeen("not seen: too few subscribers shared an address");
        }
        OptionalInt size = size(bySubscriber(all));
        OptionalInt most = size.isPresent() && limit.isPresent() && limit.getAsLong() % size.getAsInt() == 0
                ? OptionalInt.of((int) (limit.getAsLong() / size.getAsInt()))
                : OptionalInt.empty();
        return Finding.of(
                new Blocks(size, most),
                String.format(
                        Locale.ROOT,
                        "%s asked in turn and each stayed in a run of its own%s%s",
                        Text.count(
                                byAddress.values().stream().mapToInt(List::size).sum(), "subscriber"),
                        size.isPresent() ? ", filled to the end at " + size.getAsInt() + " ports" : ", of unknown size",
                        most.isPresent() ? ", " + most.getAsInt() + " of them at most" : ""));
    }

    private static Map<Integer, List<Flow>> bySubscriber(List<Flow> flows) {
        return flows.stream()
                .collect(Collectors.groupingBy(
                        flow -> flow.intent().subscriber(),
                        LinkedHashMap::new,
                        Collectors.toCollection(ArrayList::new)));
    }

    private static List<Integer> ports(List<Flow> flows) {
        return flows.stream().map(flow -> flow.external().port()).toList();
    }

    private static boolean areApart(List<List<Integer>> subscribers) {
        List<List<Integer>> sorted = new ArrayList<>(subscribers);
        sorted.sort((a, b) -> Integer.compare(Collections.min(a), Collections.min(b)));
        for (int i = 1; i < sorted.size(); i++) {
            if (Collections.max(sorted.get(i - 1)) >= Collections.min(sorted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Of k!·Πnᵢ!/n!. */
    private static double logChance(List<List<Integer>> subscribers) {
        int all = subscribers.stream().mapToInt(List::size).sum();
        double log = logFactorial(subscribers.size()) - logFactorial(all);
        for (List<Integer> ports : subscribers) {
            log += logFactorial(ports.size());
        }
        return log;
    }

    private static double logFactorial(int n) {
        double log = 0;
        for (int i = 2; i <= n; i++) {
            log += Math.log(i);
        }
        return log;
    }

    private static OptionalInt size(Map<Integer, List<Flow>> all) {
        int longest = all.values().stream().mapToInt(List::size).max().orElse(0);
        OptionalInt size = OptionalInt.empty();
        for (int length = 2; length <= longest; length++) {
            int candidate = length;
            List<List<Integer>> runs = all.values().stream()
                    .filter(flows -> flows.size() >= candidate)
                    .map(flows -> ports(flows.subList(0, candidate)))
                    .toList();
            if (runs.size() >= 2 && runs.stream().allMatch(BlockAnalysis::isRun) && areSteps(runs, candidate)) {
                size = OptionalInt.of(candidate);
            }
        }
        return size;
    }

    private static boolean isRun(List<Integer> ports) {
        return Collections.max(ports) - Collections.min(ports) + 1 == ports.size();
    }

    private static boolean areSteps(List<List<Integer>> runs, int size) {
        int first = Collections.min(runs.get(0));
        return runs.stream().allMatch(run -> (Collections.min(run) - first) % size == 0);
    }
}
