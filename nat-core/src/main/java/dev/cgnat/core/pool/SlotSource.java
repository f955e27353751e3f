package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.UnitKey;

/** Where a {@link Placer} finds slots: a {@link Draw}, which takes one, or a {@link Sounding}, which only looks. */
interface SlotSource {
    /** A slot of {@code region}, if the destination has not all that it may have from that address. */
    Found at(FlowSpec flow, int address, int region, boolean owns);

    /** Whether {@code region} has a slot that {@code flow} may be given. */
    boolean hasLegalSlot(FlowSpec flow, int region, boolean owns);

    /** The unit from which {@code flow} draws in {@code region}. */
    UnitKey key(FlowSpec flow, int region, boolean owns);

    /** A flow comes that wants a pair for itself. */
    void beforeOwning(Protocol protocol);
}
