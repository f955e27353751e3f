package dev.cgnat.core.pool;

import dev.cgnat.core.pool.Blocks.Block;
import java.util.List;
import java.util.OptionalInt;

/** Where a {@link Placer} finds slots of port blocks; see {@link SlotSource}. */
interface BlockSource {
    Blocks blocks();

    /** A slot of one of {@code candidates}. */
    Found among(FlowSpec flow, List<Block> candidates, boolean owns);

    /**
     * A slot of a block that is lent to nobody yet.
     *
     * @param address where, empty = anywhere
     */
    Found inNew(FlowSpec flow, OptionalInt address, boolean owns);

    /** Whether an address other than that one has a free block with a legal slot. */
    boolean hasLegalSlotElsewhere(FlowSpec flow, int address, boolean owns);

    /** When something that rests in the subscriber's blocks is free, or a block in which all rests goes back. */
    long earliestRest(FlowSpec flow);
}
