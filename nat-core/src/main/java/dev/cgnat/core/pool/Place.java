package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pool gives to a flow, of which its {@link Lease} is made. A pool has one, good until it is asked for the next, so that
 * a flow leaves no object behind but its lease.
 */
public final class Place implements Placement, Found {
    private Protocol protocol = Protocol.TCP;
    private int unit;
    private int region;
    private int slot;
    private int pair;
    private int address;
    private boolean isOwned;
    private @Nullable SubscriberUse owner;
    private @Nullable ExternalMapping mapping;
    private Pairing.@Nullable Pair pairing;
    private DestinationUse.@Nullable Counts toDestination;

    Place() {}

    /** From now on it is the slot that was drawn. */
    void drawn(Protocol ofProtocol, int ofUnit, int ofRegion, int drawnSlot, int ofPair, int atAddress, boolean owns) {
        protocol = ofProtocol;
        unit = ofUnit;
        region = ofRegion;
        slot = drawnSlot;
        pair = ofPair;
        address = atAddress;
        isOwned = owns;
    }

    /** From now on it is the slot of {@code claim}, in that region. */
    void shared(Claim claim, int ofRegion) {
        drawn(claim.protocol(), claim.unit(), ofRegion, claim.slot(), claim.pair(), claim.address(), claim.isOwned());
    }

    /** What counts the flow: see {@link Lease}. */
    void countedBy(
            SubscriberUse ofOwner,
            @Nullable ExternalMapping ofMapping,
            Pairing.@Nullable Pair ofPairing,
            DestinationUse.@Nullable Counts ofDestination) {
        owner = ofOwner;
        mapping = ofMapping;
        pairing = ofPairing;
        toDestination = ofDestination;
    }

    Protocol protocol() {
        return protocol;
    }

    int unit() {
        return unit;
    }

    /** That of the unit. */
    int region() {
        return region;
    }

    int slot() {
        return slot;
    }

    int pair() {
        return pair;
    }

    int address() {
        return address;
    }

    boolean isOwned() {
        return isOwned;
    }

    SubscriberUse owner() {
        return Objects.requireNonNull(owner);
    }

    @Nullable
    ExternalMapping mapping() {
        return mapping;
    }

    Pairing.@Nullable Pair pairing() {
        return pairing;
    }

    DestinationUse.@Nullable Counts toDestination() {
        return toDestination;
    }
}
