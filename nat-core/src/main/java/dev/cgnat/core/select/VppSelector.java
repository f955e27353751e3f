package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * VPP nat44-ed: ten tries, the first at the client's port if that can be lent, all others at random slots. With a share f
 * of the slots free and no port to keep it gives up with a probability of (1 - f)<sup>10</sup>.
 *
 * <p>Not imitated: when a worker has reached its number of sessions, VPP ends the one that was idle for longest.
 */
/*
 * Source: VPP src/plugins/nat/nat44-ed/nat44_ed_in2out.c, nat_ed_alloc_addr_and_port_with_snat_address. The suggested port
 * must lie above the first one of the range there, so the lowest port is never kept.
 */
record VppSelector(RandomGenerator random) implements PortSelector {
    private static final int TRIES = 10;

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int size = view.size();
        int slot = view.preferredSlot() > 0 ? view.preferredSlot() : random.nextInt(size);
        for (int tries = 0; tries < TRIES; tries++) {
            if (view.claim(slot)) {
                return slot;
            }
            slot = random.nextInt(size);
        }
        return PortSpace.NO_SLOT;
    }
}
