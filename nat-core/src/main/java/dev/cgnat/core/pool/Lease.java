package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.subscriber.SubscriberUse;
import org.jspecify.annotations.Nullable;

/**
 * What one live flow has from its pool, until {@link Pool#release} or {@link Pool#setAside}. To be extended by what the caller
 * keeps of the flow, so that both are one object: the end of a flow that has been out of every cache for long then finds
 * all in one place.
 */
public non-sealed class Lease extends Claim implements Placement {
    final int region;
    final Endpoint destination;
    final SubscriberUse owner;
    /** The mapping that the flow shares with others; absent if it has a slot of its own. */
    final @Nullable ExternalMapping mapping;

    Lease(Claim claim, int region, Endpoint destination, SubscriberUse owner, @Nullable ExternalMapping mapping) {
        super(claim);
        this.region = region;
        this.destination = destination;
        this.owner = owner;
        this.mapping = mapping;
    }

    /** Takes the place of {@code other}, which is not to be used any more. */
    protected Lease(Lease other) {
        this(other, other.region, other.destination, other.owner, other.mapping);
    }

    protected final Protocol leaseProtocol() {
        return protocol();
    }

    protected final Endpoint leaseExternal() {
        return external();
    }

    protected final Endpoint leaseDestination() {
        return destination;
    }

    protected final SubscriberUse leaseOwner() {
        return owner;
    }
}
