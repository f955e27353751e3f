package dev.cgnat.core.model;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.Mapping;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The external endpoint of an internal one, with the destinations that its flows use. */
final class ModelMapping {
    /** Flows with equal keys share an external endpoint. */
    record Key(Mapping behaviour, Protocol protocol, Subscriber subscriber, Endpoint internal, IpAddress remote) {
        static Key of(FlowRequest request, Mapping behaviour) {
            return new Key(
                    behaviour,
                    request.protocol(),
                    request.subscriber(),
                    request.internal(),
                    behaviour == Mapping.ADDRESS_DEPENDENT
                            ? request.destination().address()
                            : Spot.ANYWHERE);
        }
    }

    final Key key;
    final Endpoint external;
    final Use use;
    final Set<Endpoint> live = new HashSet<>();
    final Map<Endpoint, Long> rests = new HashMap<>();

    /** Whether it takes no more flows, as its address was disabled. */
    boolean isRetired;

    ModelMapping(Key key, Endpoint external, Use use) {
        this.key = key;
        this.external = external;
        this.use = use;
    }

    void opened(Endpoint destination) {
        live.add(destination);
        rests.remove(destination);
        use.until = Use.OPEN_END;
    }

    /** A flow ended, its destination rests until {@code restEnd}; the mapping lasts until {@code idleEnd} at least. */
    void closed(Endpoint destination, long restEnd, long idleEnd) {
        live.remove(destination);
        rests.put(destination, restEnd);
        if (live.isEmpty()) {
            use.until = Math.max(
                    idleEnd, rests.values().stream().mapToLong(end -> end).max().orElse(0));
        }
    }

    long restEnd(Endpoint destination) {
        return rests.getOrDefault(destination, 0L);
    }
}
