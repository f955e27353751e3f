package dev.cgnat.bench.jmh.opponents;

import java.util.random.RandomGenerator;

/** As the endpoint-dependent NAT44 of VPP: ten random slots, then it gives up. */
public final class VppTries implements PortAllocator {
    private static final int TRIES = 10;

    private final SlotBitmap slots;
    private final RandomGenerator random;

    public VppTries(SlotBitmap slots, RandomGenerator random) {
        this.slots = slots;
        this.random = random;
    }

    @Override
    public int grant() {
        for (int i = 0; i < TRIES; i++) {
            int slot = random.nextInt(slots.size());
            if (slots.claim(slot)) {
                return slot;
            }
        }
        return REFUSED;
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
    }
}
