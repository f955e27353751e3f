package dev.cgnat.bench.grade;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * In which order freed ports come back. Ports that were never used look sequential wherever they are taken lowest first; so it frees
 * some in a shuffled order, waits until all have rested, and sees whether they come back in that very order.
 */
final class OrderProbe {
    private static final int FLOWS = 8;
    private static final int FEWEST = 5;
    /** Between two ends, so that the NAT hears of them in their order. */
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final double LONGER = 1.1;

    private final Range range;

    OrderProbe(Range range) {
        this.range = range;
    }

    /** @param rests what the pool, which is dry, was seen to do */
    Finding<Boolean> run(Map<CloseCause, Finding<HoldDown>> rests) {
        Optional<Map.Entry<CloseCause, Finding<HoldDown>>> shortest = rests.entrySet().stream()
                .filter(entry -> entry.getKey() != CloseCause.IDLE
                        && entry.getValue().value().isPresent())
                .min(Comparator.comparing(
                        entry -> entry.getValue().value().orElseThrow().atMost()));
        List<Flow> flows = flows();
        if (shortest.isEmpty() || flows.size() < FEWEST) {
            return Finding.notSeen("not seen: no port was seen to come back");
        }
        Duration rest = shortest.get().getValue().value().orElseThrow().atMost();
        long wait = (long) (rest.toNanos() * LONGER) + SLACK_NANOS;
        if (wait > range.budget().remainingNanos()) {
            return Finding.notSeen("not seen: no time was left for another rest of " + Text.seconds(rest.toNanos()));
        }
        Flow.Ending ending = Flow.Ending.valueOf(shortest.get().getKey().name());
        for (Flow flow : flows) {
            flow.end(ending);
            LockSupport.parkNanos(APART_NANOS);
        }
        LockSupport.parkNanos(wait);
        List<Endpoint> freed = flows.stream().map(Flow::external).toList();
        List<Endpoint> back = new ArrayList<>();
        for (Flow flow : flows) {
            if (range.open(flow.intent().subscriber(), Destination.MAIN) instanceof Attempt.Granted granted) {
                back.add(granted.flow().external());
            }
        }
        if (!back.containsAll(freed)) {
            return Finding.notSeen("not seen: not all of " + freed.size() + " freed ports came back at once");
        }
        return Finding.of(
                back.equals(freed),
                back.equals(freed)
                        ? freed.size() + " ports freed in a shuffled order came back in that order"
                        : freed.size() + " ports freed in a shuffled order came back in another");
    }

    /** Of one address, shuffled, and not by accident in their order. */
    private List<Flow> flows() {
        Map<IpAddress, List<Flow>> byAddress = new HashMap<>();
        for (Flow flow : range.ledger().liveTo(Destination.MAIN)) {
            byAddress
                    .computeIfAbsent(flow.external().address(), key -> new ArrayList<>())
                    .add(flow);
        }
        List<Flow> flows = new ArrayList<>(byAddress.values().stream()
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of()));
        Collections.shuffle(flows, new Random(range.plan().seed()));
        return flows.subList(0, Math.min(FLOWS, flows.size()));
    }
}
