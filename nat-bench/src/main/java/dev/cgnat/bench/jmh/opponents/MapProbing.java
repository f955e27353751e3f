package dev.cgnat.bench.jmh.opponents;

import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Random slots into a {@link ConcurrentHashMap} until one is absent: refuses only when none is free. */
public final class MapProbing implements PortAllocator {
    private final ConcurrentHashMap<Integer, Boolean> used;
    private final int size;
    private final RandomGenerator random;

    /** The used slots of {@code filled} are used. */
    public MapProbing(SlotBitmap filled, RandomGenerator random) {
        size = filled.size();
        used = new ConcurrentHashMap<>(size);
        filled.forEachUsed(slot -> used.put(slot, true));
        this.random = random;
    }

    @Override
    public int grant() {
        while (used.mappingCount() < size) {
            int slot = random.nextInt(size);
            if (used.putIfAbsent(slot, true) == null) {
                return slot;
            }
        }
        return REFUSED;
    }

    @Override
    public void release(int slot) {
        used.remove(slot);
    }
}
