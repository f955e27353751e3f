package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;

/**
 * The next legal slot after the last one that was claimed, in whichever unit that was.
 *
 * <p><b>RFC</b>: 6056 section 2.2 shows it as the traditional selection, and why it is easy to guess.
 */
final class SequentialSelector implements PortSelector {
    private long next;

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int slot = view.claimNextFree((int) (next % view.size()));
        if (slot != PortSpace.NO_SLOT) {
            next = slot + 1L;
        }
        return slot;
    }
}
