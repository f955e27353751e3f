package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * A counter that goes up by a random step of 1 to 500 with each try, at most as many tries as there are slots. Near full
 * it may miss what is free; an observer knows that the next slot is among 500.
 *
 * <p><b>RFC</b>: 6056 section 3.3.5, algorithm 5, with its N of 500.
 */
final class RandomIncrementsSelector implements PortSelector {
    static final int N = 500;

    private static final int FIRST_COUNTS = 1 << 16;

    private final RandomGenerator random;
    private long next;

    RandomIncrementsSelector(RandomGenerator random) {
        this.random = random;
        next = random.nextInt(FIRST_COUNTS);
    }

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int size = view.size();
        for (int tries = 0; tries < size; tries++) {
            next += 1 + random.nextInt(N);
            int slot = (int) (next % size);
            if (view.claim(slot)) {
                return slot;
            }
        }
        return PortSpace.NO_SLOT;
    }
}
