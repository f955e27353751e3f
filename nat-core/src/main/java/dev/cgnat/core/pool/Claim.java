package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;

/** One slot that is taken from a pool, by a flow or by a mapping. */
sealed class Claim permits Claim.Drawn, Lease {
    private final Protocol protocol;
    private final int unit;
    private final int slot;
    private final int pair;
    private final char address;
    private final boolean isOwned;

    private Claim(Protocol protocol, int unit, int slot, int pair, int address, boolean isOwned) {
        this.protocol = protocol;
        this.unit = unit;
        this.slot = slot;
        this.pair = pair;
        this.address = (char) address; // a pool has at most 65,536
        this.isOwned = isOwned;
    }

    /** The same slot. */
    Claim(Claim other) {
        this(other.protocol, other.unit, other.slot, other.pair, other.address, other.isOwned);
    }

    /** A claim as it comes out of a draw. */
    static final class Drawn extends Claim implements Found {
        Drawn(Protocol protocol, int unit, int slot, int pair, int address, boolean isOwned) {
            super(protocol, unit, slot, pair, address, isOwned);
        }
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
