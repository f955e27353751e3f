package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * A random slot on each try, at most as many tries as there are slots: n tries miss the only free one of n with a
 * probability of 1/e, 37 %.
 *
 * <p><b>RFC</b>: 6056 section 3.3.2, algorithm 2.
 */
record RandomRetrySelector(RandomGenerator random) implements PortSelector {
    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int size = view.size();
        for (int tries = 0; tries < size; tries++) {
            int slot = random.nextInt(size);
            if (view.claim(slot)) {
                return slot;
            }
        }
        return PortSpace.NO_SLOT;
    }
}
