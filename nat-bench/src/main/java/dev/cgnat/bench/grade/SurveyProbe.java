package dev.cgnat.bench.grade;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Some subscribers in turn, a few flows each, while the pool is still empty: what selection, pooling and blocks are told by.
 *
 * <p>Every other flow comes from a client port among the external ports seen so far, where a NAT that keeps the client's port
 * can keep it; but never from the one after the last, so that a sequence is not taken for that.
 */
final class SurveyProbe {
    private static final int SUBSCRIBERS = 6;
    private static final int ROUNDS = 8;
    private static final int MARGIN = 4;

    private final Range range;

    SurveyProbe(Range range) {
        this.range = range;
    }

    /** The last failure on this side, if there was one; grants and refusals are in the ledger. */
    Optional<String> run() {
        List<Integer> subscribers = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            range.endpoints().freshSubscriber().ifPresent(subscribers::add);
        }
        if (subscribers.isEmpty()) {
            subscribers.add(0);
        }
        List<Integer> asking = new ArrayList<>(subscribers);
        Optional<String> failure = Optional.empty();
        for (int round = 0; round < ROUNDS; round++) {
            for (int subscriber : List.copyOf(asking)) {
                Attempt attempt = round % 2 == 0
                        ? range.open(subscriber, near(subscriber), 0, Destination.MAIN)
                        : range.open(subscriber, Destination.MAIN);
                if (attempt instanceof Attempt.Failed failed) {
                    failure = Optional.of(failed.why());
                } else if (!(attempt instanceof Attempt.Granted)) {
                    asking.remove((Integer) subscriber);
                }
            }
        }
        return failure;
    }

    private Endpoint near(int subscriber) {
        NavigableSet<Integer> seen = range.ledger().ports();
        if (seen.isEmpty()) {
            return range.endpoints().any(subscriber);
        }
        List<Flow> granted = range.ledger().granted();
        int next = granted.get(granted.size() - 1).external().port() + 1;
        PortRange hull = new PortRange(Math.max(1, seen.first() - MARGIN), Math.min(65_535, seen.last() + MARGIN));
        Endpoint endpoint = range.endpoints().within(subscriber, hull);
        return endpoint.port() == next ? range.endpoints().within(subscriber, hull) : endpoint;
    }
}
