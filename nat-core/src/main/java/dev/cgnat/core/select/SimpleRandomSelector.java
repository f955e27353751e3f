package dev.cgnat.core.select;

import java.util.random.RandomGenerator;

/**
 * A random slot, or the next legal one after it. Slots that follow a long used run are taken more often than others.
 *
 * <p><b>RFC</b>: 6056 section 3.3.1, algorithm 1.
 */
record SimpleRandomSelector(RandomGenerator random) implements PortSelector {
    @Override
    public int claim(UnitView view, SelectionInput flow) {
        return view.claimNextFree(random.nextInt(view.size()));
    }
}
