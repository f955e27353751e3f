package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import java.util.Map;

/**
 * What a pool holds at one time, and what it did so far.
 *
 * @param pairs of each protocol
 * @param blocks all 0 if ports are not lent in blocks
 * @param heldSlots slots that rest, over all units; those of idle mappings are not counted
 * @param mappings those that flows may share, idle ones included
 * @param units those with anything in them
 * @param maxUnitUtilization (live + held) slots of the fullest unit ÷ its slots, 0 to 1
 * @param disabledAddresses those from which no new flow leaves
 * @param unsafeReuses slots lent so far sooner than the segment lifetime after their last flow
 */
public record PoolTotals(
        Map<Protocol, Pairs> pairs,
        PortBlocks blocks,
        int heldSlots,
        int mappings,
        int units,
        double maxUnitUtilization,
        int disabledAddresses,
        long unsafeReuses) {

    public PoolTotals {
        pairs = Map.copyOf(pairs);
    }

    /** Counts of (address, port) pairs; {@code capacity} is their sum with the free ones. */
    public record Pairs(int capacity, int inUse, int held, int reserved) {}

    /** Counts of port blocks now, and of those lent and given back so far. */
    public record PortBlocks(int total, int inUse, int held, long allocated, long released) {}
}
