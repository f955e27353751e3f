package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;

/** One slot that is taken from a pool, by a flow or by a mapping. */
sealed class Claim permits Lease {
    private final Protocol protocol;
    private final int unit;
    private final int slot;
    private final int pair;
    private final char address;
    private final boolean isOwned;

    /** The slot that was found. */
    Claim(Place place) {
        protocol = place.protocol();
        unit = place.unit();
        slot = place.slot();
        pair = place.pair();
        address = (char) place.address(); // a pool has at most 65,536
        isOwned = place.isOwned();
    }

    final Protocol protocol() {
        return protocol;
    }

    /** Number in the port space; stays as long as the slot is taken. */
    final int unit() {
        return unit;
    }

    /** Number within {@link #unit}. */
    final int slot() {
        return slot;
    }

    /** Number of the (address, port) pair within the pool. */
    final int pair() {
        return pair;
    }

    /** Index of the external address. */
    final int address() {
        return address;
    }

    /** Whether the pair is out of use for everybody else, whatever the destination. */
    final boolean isOwned() {
        return isOwned;
    }
}
