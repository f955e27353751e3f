package dev.cgnat.bench.jmh;

import dev.cgnat.bench.jmh.opponents.CiliumProbes;
import dev.cgnat.bench.jmh.opponents.LinearScan;
import dev.cgnat.bench.jmh.opponents.MapProbing;
import dev.cgnat.bench.jmh.opponents.NetfilterWindows;
import dev.cgnat.bench.jmh.opponents.PortAllocator;
import dev.cgnat.bench.jmh.opponents.SlotBitmap;
import dev.cgnat.bench.jmh.opponents.VppTries;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Who takes part in {@link PortSpaceBench}. */
public enum Contestant {
    /** No allocator: a random slot is granted and none is released, so what is left is the benchmark itself. */
    BASELINE,
    PORT_SPACE,
    NETFILTER_WINDOWS,
    VPP_TRIES,
    CILIUM_PROBES,
    LINEAR_SCAN,
    MAP_PROBING;

    private static final int MAP_SLOTS = 1 << 20;

    /** As the report and the command line have it, such as {@code port-space}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is measured with so many slots: a map takes 80 bytes for each, and ten thousand tries in a full one. */
    boolean fits(int slots) {
        return this != MAP_PROBING || slots <= MAP_SLOTS;
    }

    /** An allocator of which {@code used} random slots are used, all of them added to {@code live}. */
    PortAllocator prepare(int slots, int used, RandomGenerator random, LiveSlots live) {
        if (this == PORT_SPACE) {
            PortAllocator allocator = new PortSpaceAllocator(slots, random);
            for (int i = 0; i < used; i++) {
                live.add(allocator.grant());
            }
            return allocator;
        }
        SlotBitmap filled = SlotBitmap.filled(slots, used, random);
        filled.forEachUsed(live::add);
        return switch (this) {
            case BASELINE -> new Baseline(slots, random);
            case NETFILTER_WINDOWS -> new NetfilterWindows(filled, random);
            case VPP_TRIES -> new VppTries(filled, random);
            case CILIUM_PROBES -> new CiliumProbes(filled, random);
            case LINEAR_SCAN -> new LinearScan(filled, random);
            case MAP_PROBING -> new MapProbing(filled, random);
            case PORT_SPACE -> throw new AssertionError("returned above");
        };
    }

    private static final class Baseline implements PortAllocator {
        private final int slots;
        private final RandomGenerator random;
        private int last;

        Baseline(int slots, RandomGenerator random) {
            this.slots = slots;
            this.random = random;
        }

        @Override
        public int grant() {
            return random.nextInt(slots);
        }

        @Override
        public void release(int slot) {
            last ^= slot;
        }

        @Override
        public String toString() {
            return "baseline " + last;
        }
    }
}
