package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * pf of OpenBSD and FreeBSD: from a random slot up to the top, then from below it down to the bottom. Exact. The client's
 * port is never kept, unless a rule asks for it.
 */
/* Source: OpenBSD sys/net/pf_lb.c, pf_get_sport; FreeBSD sys/netpfil/pf/pf_lb.c, the same. */
record PfSelector(RandomGenerator random) implements PortSelector {
    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int size = view.size();
        int cut = random.nextInt(size);
        int above = view.claimNextFree(cut, size - cut);
        if (above != PortSpace.NO_SLOT) {
            return above;
        }
        for (int slot = cut - 1; slot >= 0; slot--) {
            if (view.claim(slot)) {
                return slot;
            }
        }
        return PortSpace.NO_SLOT;
    }
}
