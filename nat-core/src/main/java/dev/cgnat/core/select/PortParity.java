package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A slot whose external port is even if the client's is, and odd if not. A preference: the caller takes any slot when there
 * is none.
 *
 * <p><b>RFC</b>: 4787 REQ-4 in the form of RFC 7857 section 9, and section 10: randomisation goes on within the parity.
 */
public final class PortParity {
    private static final int DRAWS = 16;

    private final RandomGenerator random;
    private final IntUnaryOperator portOfSlot;

    /** @param portOfSlot the port number that a slot stands for */
    public PortParity(RandomGenerator random, IntUnaryOperator portOfSlot) {
        this.random = random;
        this.portOfSlot = portOfSlot;
    }

    /**
     * Claims a legal slot of the parity of {@code internalPort}; {@link PortSpace#NO_SLOT} only if none is legal.
     *
     * <p>Uniform draws are repeated until the parity fits, so the slot is uniform among those that fit. After sixteen
     * misses, one time in 65,536 if both parities are equally free, it is the first that fits after a random one.
     */
    public int claim(UnitView view, int internalPort) {
        if (view.free() == 0) {
            return PortSpace.NO_SLOT;
        }
        for (int draws = 0; draws < DRAWS; draws++) {
            int slot = view.claimUniform(random);
            if (fits(slot, internalPort)) {
                return slot;
            }
            view.unclaim(slot);
        }
        return scan(view, internalPort);
    }

    private int scan(UnitView view, int internalPort) {
        int size = view.size();
        int start = random.nextInt(size);
        int passed = 0;
        while (passed < size) {
            int slot = view.nextFree((int) (((long) start + passed) % size), size - passed);
            if (slot == PortSpace.NO_SLOT) {
                break;
            }
            if (fits(slot, internalPort)) {
                view.claim(slot);
                return slot;
            }
            passed = Math.floorMod(slot - start, size) + 1;
        }
        return PortSpace.NO_SLOT;
    }

    private boolean fits(int slot, int internalPort) {
        return ((portOfSlot.applyAsInt(slot) ^ internalPort) & 1) == 0;
    }
}
