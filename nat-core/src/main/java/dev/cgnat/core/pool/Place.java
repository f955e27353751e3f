package dev.cgnat.core.pool;

import dev.cgnat.core.subscriber.SubscriberUse;
import org.jspecify.annotations.Nullable;

/** What a pool gives to a flow, of which its {@link Lease} is made. */
public final class Place implements Placement {
    final Claim claim;
    final SubscriberUse owner;
    final @Nullable ExternalMapping mapping;
    final Pairing.@Nullable Pair pairing;
    final DestinationUse.@Nullable Counts toDestination;

    Place(
            Claim claim,
            SubscriberUse owner,
            @Nullable ExternalMapping mapping,
            Pairing.@Nullable Pair pairing,
            DestinationUse.@Nullable Counts toDestination) {
        this.claim = claim;
        this.owner = owner;
        this.mapping = mapping;
        this.pairing = pairing;
        this.toDestination = toDestination;
    }
}
