package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An external endpoint that the flows of one internal endpoint share (RFC 4787 section 4.1). */
final class ExternalMapping {
    /** In place of a time: a flow lives. */
    static final long LIVE = Long.MAX_VALUE;

    final Key key;
    final Claim claim;
    final SubscriberUse owner;
    /** Orders mappings that end at the same time. */
    final long number;
    /** Until when each destination is taken: {@link #LIVE}, or when its rest ends. */
    final Map<Endpoint, Long> destinations = new HashMap<>();

    int live;
    /** Whether no more flows may join. */
    boolean isRetired;
    /** When the mapping ends if no flow comes; counts only while none lives. */
    long endNanos;

    ExternalMapping(Key key, Claim claim, SubscriberUse owner, long number) {
        this.key = key;
        this.claim = claim;
        this.owner = owner;
        this.number = number;
    }

    /**
     * Whose mapping it is.
     *
     * @param remote the destination address of an address-dependent mapping, empty if it is endpoint-independent
     */
    record Key(Protocol protocol, Subscriber subscriber, Endpoint internal, Optional<IpAddress> remote) {}
}
