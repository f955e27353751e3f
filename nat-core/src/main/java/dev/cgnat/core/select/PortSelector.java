package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;

/** Claims a slot for a new flow. One selector serves all units of a pool. <b>Ownership</b>: one thread. */
public interface PortSelector {
    /**
     * Claims a legal slot of the unit that {@code view} shows and returns it; {@link PortSpace#NO_SLOT} if it found none:
     * either nothing is legal, or, with {@link UnitView#free()} still above 0, the search gave up. A caller who knows that nothing is legal need not
     * ask: some searches then look at as many slots as there are.
     */
    int claim(UnitView view, SelectionInput flow);

    /** A slot of {@code unit} may be claimed again: its flow has ended and its rest, if it had one. */
    default void freed(int unit, int slot) {}

    /** {@code unit} is no longer, after the last of its slots was freed; its number may be given to another. */
    default void forgotten(int unit) {}
}
