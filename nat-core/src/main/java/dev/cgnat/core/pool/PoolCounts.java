package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.subscriber.PortTally;

/** How much of a pool is lent, in numbers. <b>Ownership</b>: the pool's thread. */
public final class PoolCounts {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final Barred barred;
    private final SlotBook slots;
    private final Mappings mappings;
    private final BlockBook blocks;
    private final ReuseWatch reuse;

    PoolCounts(Barred barred, SlotBook slots, Mappings mappings, BlockBook blocks, ReuseWatch reuse) {
        this.barred = barred;
        this.slots = slots;
        this.mappings = mappings;
        this.blocks = blocks;
        this.reuse = reuse;
    }

    /** Pairs on which a flow lives, over all protocols. */
    public int pairsInUse() {
        int sum = 0;
        for (Protocol protocol : PROTOCOLS) {
            sum += slots.pairs(protocol).inUse();
        }
        return sum;
    }

    /** Pairs on which none lives and something rests, over all protocols. */
    public int pairsHeld() {
        int sum = 0;
        for (Protocol protocol : PROTOCOLS) {
            sum += slots.pairs(protocol).held();
        }
        return sum;
    }

    /** The totals now. */
    public PoolTotals totals() {
        return new PoolTotals(
                slots.pairTotals(),
                blocks.totals(),
                slots.holdDown().size(),
                mappings.size(),
                slots.units().count(),
                slots.units().maxUtilization(),
                barred.disabledCount(),
                reuse.unsafe());
    }

    /** What the subscribers have of {@code protocol}. */
    public PortTally tally(Protocol protocol) {
        return slots.tally(protocol);
    }

    /** Pairs of {@code protocol} in use at each address, in their order; of all addresses together in scope {@code host}. */
    public int[] inUseByAddress(Protocol protocol) {
        return slots.pairs(protocol).inUseByGroup();
    }
}
