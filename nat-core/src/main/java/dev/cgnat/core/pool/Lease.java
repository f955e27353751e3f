package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.subscriber.SubscriberUse;
import org.jspecify.annotations.Nullable;

/**
 * What one live flow has from its pool, until {@link Pool#release} or {@link Pool#setAside}. To be extended by what the caller
 * keeps of the flow, so that both are one object.
 */
/*
 * A flow that ends has been out of every cache for long, and each object that its end needs is a read from memory. So a lease
 * has ports beside addresses instead of endpoints, and leads straight to what counts it instead of having it looked up.
 */
public non-sealed class Lease extends Claim {
    final SubscriberUse owner;
    /** The mapping that the flow shares with others; absent if it has a slot of its own. */
    final @Nullable ExternalMapping mapping;
    /** Absent if the pool does not pair. */
    final Pairing.@Nullable Pair pairing;
    /** Absent if no limit counts it. */
    final DestinationUse.@Nullable Counts toDestination;

    private final IpAddress destinationAddress;
    private final char destinationPort;

    protected Lease(Place place, Endpoint destination) {
        super(place);
        owner = place.owner();
        mapping = place.mapping();
        pairing = place.pairing();
        toDestination = place.toDestination();
        destinationAddress = destination.address();
        destinationPort = (char) destination.port();
    }

    protected final Protocol leaseProtocol() {
        return protocol();
    }

    protected final Endpoint leaseDestination() {
        return new Endpoint(destinationAddress, destinationPort);
    }

    protected final int leaseAddress() {
        return address();
    }

    protected final SubscriberUse leaseOwner() {
        return owner;
    }
}
