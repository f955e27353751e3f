package dev.cgnat.bench.sim;

import dev.cgnat.core.Binding;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Outcome;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flows that wait for a port, by their NAT and ticket. <b>Ownership</b>: one thread. <b>Costs</b>: O(1). */
final class Waits {
    private final Map<Ticket, Waiting> waiting = new HashMap<>();
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();

    private record Ticket(int nat, long number) {}

    private record Waiting(VirtualNat.Flow flow, @Nullable Binding inner) {}

    /**
     * A wait that is over.
     *
     * @param inner what the flow has of the NAT before the one at which it waited; absent if there is none
     */
    record Ended(VirtualNat.Flow flow, @Nullable Binding inner, Outcome outcome) {}

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    void add(int nat, long ticket, VirtualNat.Flow flow, @Nullable Binding inner) {
        waiting.put(new Ticket(nat, ticket), new Waiting(flow, inner));
    }

    /** Takes note of an event of a NAT, which is in the middle of a call and must not be called. */
    void heard(int nat, NatEvent event) {
        if (event instanceof NatEvent.Dequeued dequeued) {
            Waiting over = waiting.remove(new Ticket(nat, dequeued.ticket()));
            if (over == null) {
                throw new IllegalStateException("ticket: " + dequeued.ticket() + " (expected: of a flow that waits)");
            }
            ended.add(new Ended(over.flow, over.inner, dequeued.outcome()));
        }
    }

    /** The next wait that is over, absent if all were told. */
    @Nullable
    Ended next() {
        return ended.poll();
    }
}
