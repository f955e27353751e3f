package dev.cgnat.core.pool;

import dev.cgnat.core.port.PortSpace;

/**
 * Why a pool has nothing for a flow, and what was found in the region that was looked at last.
 *
 * @param notBeforeNanos for {@link Cause#HELD} when the first resting slot that might do is free, else
 *     {@link Long#MAX_VALUE}
 * @param isPickHeld for {@link Cause#SEARCH_GAVE_UP}, whether nothing but rest was on the pair that was looked at last
 * @param limit the limit that was reached, where the cause is one
 * @param addressIndex the address that was tried, negative if there were several or none
 * @param slots legal or not; live, held and reserved are of them
 * @param unit the unit whose next free slot would do, {@link PortSpace#NO_UNIT} if a slot of several units might
 */
public record Shortage(
        Cause cause,
        long notBeforeNanos,
        boolean isPickHeld,
        long limit,
        int addressIndex,
        int slots,
        int live,
        int held,
        int reserved,
        int unit)
        implements Placement, Found {
    private static final int NO_ADDRESS = -1;

    /** What kept the flow from a slot. */
    public enum Cause {
        /** The subscriber has all its port blocks, and no legal slot in them. */
        BLOCK_LIMIT,
        /** The plan has no ports for the internal address. */
        NOT_INSIDE,
        SESSIONS_PER_DESTINATION,
        PORTS_PER_DESTINATION,
        /** The subscriber's address is full; another is not. */
        PAIRED_ADDRESS_FULL,
        /** Every address that the flow may have is disabled. */
        ADDRESS_DISABLED,
        HELD,
        EXHAUSTED,
        /** The selection ended its search while a slot was legal. */
        SEARCH_GAVE_UP
    }

    /** Whether one address was tried, where the flow may wait. */
    public boolean isAtAddress() {
        return addressIndex >= 0;
    }

    static Shortage limit(Cause cause, long limit) {
        return new Shortage(cause, Long.MAX_VALUE, false, limit, NO_ADDRESS, 0, 0, 0, 0, PortSpace.NO_UNIT);
    }

    static Shortage ofDestination(DestinationUse.Reached reached) {
        return limit(
                reached.isOfPorts() ? Cause.PORTS_PER_DESTINATION : Cause.SESSIONS_PER_DESTINATION, reached.limit());
    }

    Shortage with(Cause other) {
        return new Shortage(other, Long.MAX_VALUE, isPickHeld, limit, addressIndex, slots, live, held, reserved, unit);
    }

    /** Whether trying elsewhere is no use, as for a search that gave up. */
    boolean isFinal() {
        return cause == Cause.SEARCH_GAVE_UP;
    }

    boolean isOfDestination() {
        return cause == Cause.SESSIONS_PER_DESTINATION || cause == Cause.PORTS_PER_DESTINATION;
    }

    Shortage withLimit(Cause other, long reached) {
        return new Shortage(other, Long.MAX_VALUE, false, reached, addressIndex, slots, live, held, reserved, unit);
    }

    Shortage gaveUp(boolean pickHeld) {
        return new Shortage(
                Cause.SEARCH_GAVE_UP, Long.MAX_VALUE, pickHeld, limit, addressIndex, slots, live, held, reserved, unit);
    }

    /** As found, to a flow that waits at that address. */
    Shortage at(int address) {
        return new Shortage(cause, notBeforeNanos, isPickHeld, limit, address, slots, live, held, reserved, unit);
    }

    /** As found, where the next free slot of {@code number} will do. */
    Shortage in(int number) {
        return new Shortage(
                cause, notBeforeNanos, isPickHeld, limit, addressIndex, slots, live, held, reserved, number);
    }

    /** As found, though slots of several units might do. */
    Shortage inAnyUnit() {
        return in(PortSpace.NO_UNIT);
    }

    Shortage heldUntil(long nanos) {
        return new Shortage(
                nanos == Long.MAX_VALUE ? Cause.EXHAUSTED : Cause.HELD,
                nanos,
                false,
                limit,
                addressIndex,
                slots,
                live,
                held,
                reserved,
                unit);
    }
}
