package dev.cgnat.bench.jmh.opponents;

import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** One bit per slot, 1 = used, and nothing that would help a search. */
public final class SlotBitmap {
    private final long[] words;
    private final int slots;

    /** All of {@code slots} slots, 1 or more, are free. */
    public SlotBitmap(int slots) {
        this.slots = slots;
        words = new long[(slots + Long.SIZE - 1) / Long.SIZE];
    }

    /**
     * Exactly {@code used} of {@code slots} slots are used, every choice of them with the same probability (D. Knuth, The
     * Art of Computer Programming 3.4.2, algorithm S).
     */
    public static SlotBitmap filled(int slots, int used, RandomGenerator random) {
        SlotBitmap bitmap = new SlotBitmap(slots);
        int missing = used;
        for (int slot = 0; missing > 0; slot++) {
            if (random.nextInt(slots - slot) < missing) {
                bitmap.claim(slot);
                missing--;
            }
        }
        return bitmap;
    }

    public int size() {
        return slots;
    }

    public boolean isUsed(int slot) {
        return (words[slot >>> 6] & (1L << slot)) != 0;
    }

    /** Takes {@code slot} if it is free. */
    public boolean claim(int slot) {
        long before = words[slot >>> 6];
        long after = before | (1L << slot);
        words[slot >>> 6] = after;
        return before != after;
    }

    public void release(int slot) {
        words[slot >>> 6] &= ~(1L << slot);
    }

    /** Hands over the used slots, ascending. */
    public void forEachUsed(IntConsumer action) {
        for (int word = 0; word < words.length; word++) {
            for (long rest = words[word]; rest != 0; rest &= rest - 1) {
                action.accept(word * Long.SIZE + Long.numberOfTrailingZeros(rest));
            }
        }
    }
}
