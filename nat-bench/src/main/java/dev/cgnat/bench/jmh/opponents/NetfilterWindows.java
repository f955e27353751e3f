package dev.cgnat.bench.jmh.opponents;

import java.util.random.RandomGenerator;

/**
 * As Linux masquerades ({@code nf_nat_l4proto_unique_tuple}): up to 128 consecutive slots from a random one, then 64 from
 * another, 32, 16 and 8, then it gives up; a range of at most 128 slots is searched once, whole.
 */
public final class NetfilterWindows implements PortAllocator {
    private static final int FIRST_WINDOW = 128;
    private static final int LAST_WINDOW = 8;

    private final SlotBitmap slots;
    private final RandomGenerator random;

    public NetfilterWindows(SlotBitmap slots, RandomGenerator random) {
        this.slots = slots;
        this.random = random;
    }

    @Override
    public int grant() {
        int size = slots.size();
        int window = Math.min(FIRST_WINDOW, size);
        while (true) {
            int slot = random.nextInt(size);
            for (int i = 0; i < window; i++) {
                if (slots.claim(slot)) {
                    return slot;
                }
                slot = slot + 1 == size ? 0 : slot + 1;
            }
            if (window == size || window <= LAST_WINDOW) {
                return REFUSED;
            }
            window /= 2;
        }
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
    }
}
