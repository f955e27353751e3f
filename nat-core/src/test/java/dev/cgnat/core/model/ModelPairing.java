package dev.cgnat.core.model;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Which external address each subscriber keeps: while it has flows, and for a while after. */
final class ModelPairing {
    /** {@code lapse} counts while nothing uses the pairing. */
    private record Paired(IpAddress address, int uses, long lapse) {}

    private final Map<Subscriber, Paired> pairings = new HashMap<>();
    private final long idleNanos;
    private final Predicate<IpAddress> isDisabled;

    ModelPairing(long idleNanos, Predicate<IpAddress> isDisabled) {
        this.isDisabled = isDisabled;
        this.idleNanos = idleNanos;
    }

    Optional<IpAddress> addressOf(Subscriber subscriber, long now) {
        return Optional.ofNullable(pairings.get(subscriber))
                .filter(paired -> paired.uses > 0 || now < paired.lapse)
                .map(Paired::address)
                .filter(isDisabled.negate());
    }

    /** Subscribers that keep {@code address}. */
    int load(IpAddress address, long now) {
        int load = 0;
        for (Paired paired : pairings.values()) {
            if (paired.address.equals(address) && (paired.uses > 0 || now < paired.lapse)) {
                load++;
            }
        }
        return load;
    }

    /** A flow begins or waits; {@code address} is kept from now on unless another is. */
    void retain(Subscriber subscriber, IpAddress address, long now) {
        IpAddress kept = addressOf(subscriber, now).orElse(address);
        int uses =
                Optional.ofNullable(pairings.get(subscriber)).map(Paired::uses).orElse(0);
        pairings.put(subscriber, new Paired(kept, uses + 1, 0));
    }

    /** A flow ended or waits no longer. */
    void release(Subscriber subscriber, long now) {
        Paired paired = Objects.requireNonNull(pairings.get(subscriber));
        pairings.put(subscriber, new Paired(paired.address, paired.uses - 1, now + idleNanos));
    }
}
