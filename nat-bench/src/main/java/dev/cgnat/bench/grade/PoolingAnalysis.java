package dev.cgnat.bench.grade;

import dev.cgnat.core.config.Pooling;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether a subscriber keeps one external address (RFC 4787 REQ-2). */
final class PoolingAnalysis {
    private static final int FEWEST_FLOWS = 4;

    private PoolingAnalysis() {}

    /** @param survey draws while the pool was far from dry */
    static Finding<Pooling> of(List<Flow> survey, int addresses) {
        if (addresses < 2) {
            return Finding.notSeen("not seen: there is one external address");
        }
        Map<Integer, List<Flow>> bySubscriber = survey.stream()
                .collect(Collectors.groupingBy(flow -> flow.intent().subscriber()));
        bySubscriber.values().removeIf(flows -> flows.size() < FEWEST_FLOWS);
        if (bySubscriber.isEmpty()) {
            return Finding.notSeen("not seen: no subscriber had " + FEWEST_FLOWS + " flows");
        }
        long several = bySubscriber.values().stream()
                .filter(flows -> flows.stream()
                                .map(flow -> flow.external().address())
                                .collect(Collectors.toSet())
                                .size()
                        > 1)
                .count();
        String evidence = several + " of " + Text.count(bySubscriber.size(), "subscriber")
                + " left from several of the " + addresses + " addresses";
        return Finding.of(several == 0 ? Pooling.PAIRED : Pooling.ARBITRARY, evidence);
    }
}
