package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;

/** One slot that is taken from a pool, by a flow or by a mapping. */
sealed class Claim implements Found permits Claim.Drawn, Lease {
    private final Protocol protocol;
    private final int unit;
    private final int slot;
    private final int pair;
    private final int address;
    private final boolean isOwned;
    private final Endpoint external;

    private Claim(Protocol protocol, int unit, int slot, int pair, int address, boolean isOwned, Endpoint external) {
        this.protocol = protocol;
        this.unit = unit;
        this.slot = slot;
        this.pair = pair;
        this.address = address;
        this.isOwned = isOwned;
        this.external = external;
    }

    /** The same slot. */
    Claim(Claim other) {
        this(other.protocol, other.unit, other.slot, other.pair, other.address, other.isOwned, other.external);
    }

    /** A claim as it comes out of a draw. */
    static final class Drawn extends Claim {
        Drawn(Protocol protocol, int unit, int slot, int pair, int address, boolean isOwned, Endpoint external) {
            super(protocol, unit, slot, pair, address, isOwned, external);
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

    final Endpoint external() {
        return external;
    }
}
