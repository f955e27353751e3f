package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * Linux netfilter: the client's port if it is legal, else a window of 128 slots from a random one on, then windows of
 * 64, 32, 16 and 8, each from another random one. A range that fits into the first window is searched once, as a whole.
 *
 * <p>Not imitated: newer kernels let the last tries of a window take over a connection in TIME_WAIT.
 */
/*
 * Source: Linux net/netfilter/nf_nat_core.c, get_unique_tuple and nf_nat_l4proto_unique_tuple. The offset there has
 * sixteen bits: it wraps at 65,536 and is then taken modulo the size, so the first slots of a range of 64,512 are twice as
 * likely as the others. A unit of more slots than that is a case that netfilter does not have; here the offset is as wide.
 */
record LinuxNfSelector(RandomGenerator random) implements PortSelector {
    private static final int FIRST_WINDOW = 128;
    private static final int LAST_WINDOW = 8;
    private static final int OFFSETS = 1 << 16;

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int kept = view.preferredSlot();
        if (kept != PortSpace.NO_SLOT && view.claim(kept)) {
            return kept;
        }
        int size = view.size();
        if (size <= FIRST_WINDOW) {
            return claimWithin(view, size);
        }
        for (int window = FIRST_WINDOW; window >= LAST_WINDOW; window /= 2) {
            int slot = claimWithin(view, window);
            if (slot != PortSpace.NO_SLOT) {
                return slot;
            }
        }
        return PortSpace.NO_SLOT;
    }

    private int claimWithin(UnitView view, int window) {
        int size = view.size();
        long offsets = Math.max(OFFSETS, size);
        long offset = random.nextInt((int) offsets);
        for (int i = 0; i < window; i++) {
            int slot = (int) ((offset + i) % offsets % size);
            if (view.claim(slot)) {
                return slot;
            }
        }
        return PortSpace.NO_SLOT;
    }
}
