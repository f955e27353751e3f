package dev.cgnat.bench.jmh.opponents;

import java.util.random.RandomGenerator;

/**
 * As Cilium on kernels with a small instruction limit ({@code snat_v4_new_mapping}): the client's own port, which is a
 * random slot here, then another random one and those that follow it, 32 in all, then it gives up. Like the original it
 * never reaches the last slot of the range except by the client's own port.
 */
public final class CiliumProbes implements PortAllocator {
    private static final int PROBES = 32;

    private final SlotBitmap slots;
    private final RandomGenerator random;

    public CiliumProbes(SlotBitmap slots, RandomGenerator random) {
        this.slots = slots;
        this.random = random;
    }

    @Override
    public int grant() {
        int reachable = Math.max(1, slots.size() - 1);
        int slot = random.nextInt(slots.size());
        for (int i = 0; i < PROBES; i++) {
            if (slots.claim(slot)) {
                return slot;
            }
            int next = i == 0 ? random.nextInt(reachable) : slot + 1;
            slot = next >= reachable ? 0 : next;
        }
        return REFUSED;
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
    }
}
