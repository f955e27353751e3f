package dev.cgnat.bench.jmh.opponents;

import java.util.random.RandomGenerator;

/** Slot by slot from a random one, round to where it began: refuses only when none is free. */
public final class LinearScan implements PortAllocator {
    private final SlotBitmap slots;
    private final RandomGenerator random;

    public LinearScan(SlotBitmap slots, RandomGenerator random) {
        this.slots = slots;
        this.random = random;
    }

    @Override
    public int grant() {
        int size = slots.size();
        int slot = random.nextInt(size);
        for (int i = 0; i < size; i++) {
            if (slots.claim(slot)) {
                return slot;
            }
            slot = slot + 1 == size ? 0 : slot + 1;
        }
        return REFUSED;
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
    }
}
