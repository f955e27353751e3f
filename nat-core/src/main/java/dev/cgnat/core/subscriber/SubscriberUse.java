package dev.cgnat.core.subscriber;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import java.util.Optional;

/** What one subscriber has at the moment, per protocol (RFC 6888 REQ-4B). <b>Ownership</b>: one thread. */
public final class SubscriberUse extends IdleRing.Member {
    private static final int PROTOCOLS = Protocol.values().length;

    private final SubscriberTable table;
    private final Subscriber subscriber;
    private final int number;
    /** Itself, so that looking it up leaves no object behind. */
    private final Optional<SubscriberUse> found = Optional.of(this);

    /** Flows, then ports, by number of the protocol: in one array, as they are read and changed together. */
    private final int[] counts = new int[2 * PROTOCOLS];

    /** Flows and ports together, over all protocols. */
    private int total;
    /** When the tokens that are spent will be back, were no more taken: the theoretical arrival time of a GCRA. */
    private long tokensBackNanos;

    SubscriberUse(SubscriberTable table, Subscriber subscriber, int number) {
        this.table = table;
        this.subscriber = subscriber;
        this.number = number;
    }

    public Subscriber subscriber() {
        return subscriber;
    }

    /** Different for every subscriber that has something. */
    public int number() {
        return number;
    }

    /** Live flows. */
    public int sessions(Protocol protocol) {
        return counts[protocol.number()];
    }

    /** External ports that live or rest. */
    public int ports(Protocol protocol) {
        return counts[PROTOCOLS + protocol.number()];
    }

    /** Whether it has no flow and no port. */
    public boolean isIdle() {
        return total == 0;
    }

    public void opened(Protocol protocol) {
        counts[protocol.number()]++;
        count(1);
    }

    public void closed(Protocol protocol) {
        counts[protocol.number()]--;
        count(-1);
    }

    public void portTaken(Protocol protocol) {
        counts[PROTOCOLS + protocol.number()]++;
        count(1);
    }

    public void portFreed(Protocol protocol) {
        counts[PROTOCOLS + protocol.number()]--;
        count(-1);
    }

    Optional<SubscriberUse> asFound() {
        return found;
    }

    private void count(int by) {
        if (total == 0) {
            table.becameActive(this);
        }
        total += by;
        if (total == 0) {
            table.becameIdle();
        }
    }

    long tokensBackNanos() {
        return tokensBackNanos;
    }

    void tokensBackNanos(long nanos) {
        tokensBackNanos = nanos;
    }
}
