package dev.cgnat.core.subscriber;

import dev.cgnat.core.address.Subscriber;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The subscribers that have a live flow or a held slot. <b>Ownership</b>: one thread. <b>Costs</b>: O(1); about 120 bytes
 * per subscriber, which goes with its last slot.
 */
public final class SubscriberTable {
    private final Map<Subscriber, SubscriberUse> uses = new HashMap<>();

    public int size() {
        return uses.size();
    }

    /** The use of {@code subscriber}, empty if it has nothing. */
    public Optional<SubscriberUse> find(Subscriber subscriber) {
        return Optional.ofNullable(uses.get(subscriber));
    }

    /** The use of {@code subscriber}, begun if there was none, as it is about to open a flow. */
    public SubscriberUse use(Subscriber subscriber) {
        return uses.computeIfAbsent(subscriber, SubscriberUse::new);
    }

    /** Forgets a subscriber that has nothing left. */
    public void tidy(SubscriberUse use) {
        if (use.ports() == 0) {
            uses.remove(use.subscriber());
        }
    }
}
