package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * Cilium's masquerading in BPF: the client's port if it can be lent, else a random one; then a random one; then those that
 * its step leads to, until 32 or 128 were looked at.
 *
 * <p>Not imitated: Cilium's table is a least-recently-used map, which drops live entries when it is full.
 */
/*
 * Source: Cilium bpf/lib/nat.h, snat_v4_new_mapping and __snat_clamp_port_range. The step adds one to the port and then
 * folds it into the range as if it were any 16-bit number, which in the default range, 32768 to 65535, does not give the
 * next port:
 *   - as of 2025 (32 tries) the fold scales, start + number · n / 65,536: the distance to the top is halved by each step.
 *     After some fifteen steps the search is at the top, goes round, and passes the same sixteen ports again. The authors
 *     measured that tries beyond the 25th find nothing (cilium/cilium pull request 37389);
 *   - earlier (128 tries) it was number mod (end - start) + start: every second port, and the highest only if it is kept.
 * Here a unit of any size behaves as the default range does: as the upper half of its number space.
 */
final class CiliumSelector implements PortSelector {
    private final int tries;
    private final boolean scales;
    private final RandomGenerator random;

    private CiliumSelector(int tries, boolean scales, RandomGenerator random) {
        this.tries = tries;
        this.scales = scales;
        this.random = random;
    }

    static CiliumSelector with32Tries(RandomGenerator random) {
        return new CiliumSelector(32, true, random);
    }

    static CiliumSelector with128Tries(RandomGenerator random) {
        return new CiliumSelector(128, false, random);
    }

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int size = view.size();
        int slot = view.preferredSlot() == PortSpace.NO_SLOT ? drawn(size) : view.preferredSlot();
        for (int tried = 0; tried < tries; tried++) {
            if (view.claim(slot)) {
                return slot;
            }
            slot = tried == 0 ? drawn(size) : stepped(slot, size);
        }
        return PortSpace.NO_SLOT;
    }

    private int drawn(int size) {
        return random.nextInt(scales ? size : reach(size));
    }

    private int stepped(int slot, int size) {
        if (scales) {
            return slot == size - 1 ? 0 : (int) ((slot + 1L + size) / 2);
        }
        return (int) ((slot + 2L) % reach(size));
    }

    private static int reach(int size) {
        return Math.max(1, size - 1);
    }
}
