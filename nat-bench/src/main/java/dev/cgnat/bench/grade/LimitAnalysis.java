package dev.cgnat.bench.grade;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How many flows one subscriber may have: who was refused while another was granted a port of the same address afterwards was at
 * its own limit, not at the pool's end.
 */
final class LimitAnalysis {
    private static final int AGREEING = 2;

    private LimitAnalysis() {}

    static Finding<Long> of(Ledger ledger) {
        Map<Integer, Long> limits = new HashMap<>();
        Set<Integer> seen = new HashSet<>();
        List<Flow> granted = ledger.granted();
        for (Ledger.Refusal refusal : ledger.refusals()) {
            int subscriber = refusal.intent().subscriber();
            List<Flow> own = new ArrayList<>();
            granted.subList(0, refusal.after()).stream()
                    .filter(flow -> flow.intent().subscriber() == subscriber)
                    .forEach(own::add);
            boolean isPlain = own.stream().allMatch(flow -> flow.intent().destination() == Destination.MAIN);
            if (!own.isEmpty() && isPlain && seen.add(subscriber) && wasRoomLeft(own, granted, refusal.after())) {
                limits.put(subscriber, (long) own.size());
            }
        }
        Map<Long, Integer> votes = new HashMap<>();
        limits.values().forEach(limit -> votes.merge(limit, 1, Integer::sum));
        OptionalLong limit = votes.entrySet().stream()
                .filter(vote -> vote.getValue() >= AGREEING)
                .mapToLong(Map.Entry::getKey)
                .max();
        if (limit.isPresent()) {
            return Finding.of(
                    limit.getAsLong(),
                    Text.count(votes.getOrDefault(limit.getAsLong(), 0), "subscriber") + " refused at "
                            + Text.count(limit.getAsLong(), "flow") + " while others were granted more");
        }
        long most = granted.stream()
                .map(flow -> flow.intent().subscriber())
                .distinct()
                .mapToLong(subscriber -> granted.stream()
                        .filter(flow -> flow.intent().subscriber() == subscriber)
                        .count())
                .max()
                .orElse(0);
        return Finding.notSeen("none up to " + Text.count(most, "flow") + " of one subscriber");
    }

    private static boolean wasRoomLeft(List<Flow> own, List<Flow> granted, int after) {
        return granted.subList(after, granted.size()).stream()
                .filter(flow ->
                        flow.intent().subscriber() != own.get(0).intent().subscriber()
                                && flow.intent().destination() == Destination.MAIN)
                .anyMatch(flow -> own.stream()
                        .anyMatch(mine ->
                                mine.external().address().equals(flow.external().address())));
    }
}
