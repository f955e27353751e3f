package dev.cgnat.bench.jmh;

import java.util.random.RandomGenerator;

/** The slots that are lent, so that a random one can be given back: the callers that a real allocator has outside. */
final class LiveSlots {
    private final int[] slots;
    private final Picks picks;
    private int count;

    /** Room for {@code size} slots, 0 or more. */
    LiveSlots(int size, RandomGenerator random) {
        slots = new int[size];
        picks = new Picks(size, random, place -> slots[place]);
    }

    void add(int slot) {
        slots[count++] = slot;
    }

    /** Keeps {@code granted} in place of a random one, which is returned; of none, {@code granted} itself. */
    int exchange(int granted) {
        if (slots.length == 0) {
            return granted;
        }
        int place = picks.next();
        int victim = slots[place];
        slots[place] = granted;
        return victim;
    }
}
