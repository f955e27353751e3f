package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A set of slots 0 to n - 1 of which any free one can be drawn with equal probability, at any occupancy, without a
 * search.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a draw, a claim or a release is O(log n): one node of four counts for each
 * factor of 4 above 32,768 slots, then three words of counts and at most eight words of bits. Memory follows use: 0.131 byte
 * per slot, in pages of 32,768 slots that appear when first used.
 */
/*
 * A count tree over a bitmap, read by rank and select [1].
 *
 *       counts    [ 0  1  2  3 ]                          used slots below each child
 *                 /   |   \    \
 *       [4 5 6 7] [8 … 11] [12 … 15] [16 … 19]            the children of entry e begin at 4 (e + 1)
 *         |  …
 *       pages     one for each entry of the last level    see Page
 *
 * A draw picks a rank r below the number of free slots, and descends to the r-th free slot, counted from the lowest: at
 * each level it skips the children whose free slots all come before r. The free slots below a child are its capacity, which
 * is arithmetic, less its used count; so pages that are absent cost nothing. Capacities are taken as if the tree were
 * complete: the slots that it lacks are the highest, and r is less than the number of real ones, so no draw gets there. A
 * step of the descent compares all its counts and adds up masks, since a branch would be mispredicted half of the time.
 *
 * While at least half of the slots are free, one slot is drawn first as if all were [2], which is cheaper; if it is used, the
 * draw by rank follows. Both find each free slot equally often, hence so do they together.
 *
 * Two trees of equal size in which no slot is used twice are read as one: what is used below a child is the sum of both.
 *
 * [1] G. Jacobson, Space-efficient static trees and graphs, FOCS 1989.
 * [2] J. von Neumann, Various techniques used in connection with random digits, NBS AMS 12, 1951 (rejection).
 */
public final class SlotTree {
    /** What a draw returns when no slot is free. */
    public static final int NO_SLOT = -1;

    private static final int FAN = 4;

    private final int slots;
    private final long[][] pages;
    private final int height;
    /** The levels one after the other, from the root to what stands for the pages. */
    private final int[] counts;
    /** Where the last level begins. */
    private final int lastLevel;

    private int used;
    private long bytes;

    /** All of {@code slots} slots, 1 or more, are free. */
    public SlotTree(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: " + slots + " (expected: at least 1)");
        }
        this.slots = slots;
        pages = new long[((slots - 1) >>> Page.BITS) + 1][];
        Arrays.fill(pages, Page.EMPTY);
        int levels = 0;
        int first = 0;
        for (long reach = 1; reach < pages.length; reach *= FAN) {
            first = levels == 0 ? 0 : FAN * (first + 1);
            levels++;
        }
        height = levels;
        lastLevel = first;
        counts = new int[levels == 0 ? 0 : first + (pages.length + FAN - 1) / FAN * FAN];
        bytes = 48 + 16 + 4L * pages.length + 16 + 4L * counts.length;
    }

    public int size() {
        return slots;
    }

    public int used() {
        return used;
    }

    /** Heap taken, in bytes, if an object header takes 16 and a reference 4. */
    long bytes() {
        return bytes;
    }

    public boolean isUsed(int slot) {
        Objects.checkIndex(slot, slots);
        return Page.isUsed(pages[slot >>> Page.BITS], slot & (Page.SLOTS - 1));
    }

    /** The bits of which {@code slot} has one; whoever reads them has them near when the slot is freed. */
    long word(int slot) {
        return Page.word(pages[slot >>> Page.BITS], slot & (Page.SLOTS - 1));
    }

    /** Takes a slot drawn uniformly from the free ones; {@link #NO_SLOT} only when none is free. */
    public int claimUniform(RandomGenerator random) {
        int slot = draw(null, random);
        if (slot != NO_SLOT) {
            set(slot);
        }
        return slot;
    }

    /**
     * A slot drawn uniformly from those that are free here and in {@code other}, not taken; {@link #NO_SLOT} only when there
     * is none.
     *
     * @param other of the same size, none of its used slots used here
     */
    int draw(@Nullable SlotTree other, RandomGenerator random) {
        int free = free(other);
        if (free == 0) {
            return NO_SLOT;
        }
        if (free > slots >>> 1) {
            int slot = Uniform.below(slots, random);
            if (!isUsed(slot) && (other == null || !other.isUsed(slot))) {
                return slot;
            }
        }
        return select(other, Uniform.below(free, random));
    }

    /** The first slot at or after {@code from}, going round at the end, that is free here and in {@code other}. */
    int nextFree(@Nullable SlotTree other, int from) {
        int free = free(other);
        if (free == 0) {
            return NO_SLOT;
        }
        if (!isUsed(from) && (other == null || !other.isUsed(from))) {
            return from;
        }
        int rank = rank(other, from);
        return select(other, rank < free ? rank : 0);
    }

    /** The first used slot at or after {@code from}, {@link #NO_SLOT} if there is none. Cost: a step per 64 slots. */
    int nextUsed(int from) {
        for (int slot = from; slot >= 0 && slot < slots; ) {
            long[] page = pages[slot >>> Page.BITS];
            int inPage = page == Page.EMPTY ? Page.SLOTS : Page.nextUsed(page, slot & (Page.SLOTS - 1));
            slot = (slot & -Page.SLOTS) + inPage;
            if (inPage < Page.SLOTS) {
                return slot;
            }
        }
        return NO_SLOT;
    }

    /** Takes {@code slot} if it is free. */
    public boolean claim(int slot) {
        if (isUsed(slot)) {
            return false;
        }
        set(slot);
        return true;
    }

    /** Makes a used slot free; {@link IllegalStateException} if it is free already. */
    public void release(int slot) {
        if (!releaseIfUsed(slot)) {
            throw new IllegalStateException("slot: " + slot + " (expected: a used slot)");
        }
    }

    /** Makes {@code slot} free; false if it is free already. */
    boolean releaseIfUsed(int slot) {
        if (!isUsed(slot)) {
            return false;
        }
        Page.clear(pages[slot >>> Page.BITS], slot & (Page.SLOTS - 1));
        count(slot >>> Page.BITS, -1);
        return true;
    }

    private int free(@Nullable SlotTree other) {
        return slots - used - (other == null ? 0 : other.used);
    }

    private void set(int slot) {
        int index = slot >>> Page.BITS;
        long[] page = pages[index];
        if (page == Page.EMPTY) {
            page = Page.create(Math.min(Page.SLOTS, slots - (index << Page.BITS)));
            pages[index] = page;
            bytes += 16 + 8L * page.length;
        }
        Page.set(page, slot & (Page.SLOTS - 1));
        count(index, 1);
    }

    private void count(int page, int by) {
        used += by;
        if (height > 0) {
            for (int entry = lastLevel + page; entry >= 0; entry = (entry >>> 2) - 1) {
                counts[entry] += by;
            }
        }
    }

    private int select(@Nullable SlotTree other, int rankInTree) {
        int[] others = other == null ? counts : other.counts;
        int both = other == null ? 0 : -1;
        int rank = rankInTree;
        int page = 0;
        int first = 0;
        for (int level = height; level > 0; level--) {
            int span = 1 << (Page.BITS + 2 * (level - 1));
            int free0 = span - counts[first] - (others[first] & both);
            int free1 = span - counts[first + 1] - (others[first + 1] & both);
            int free2 = span - counts[first + 2] - (others[first + 2] & both);
            int skip0 = (free0 - 1 - rank) >> 31; // all ones if the slot comes after this child
            int skip1 = (free0 + free1 - 1 - rank) >> 31;
            int skip2 = (free0 + free1 + free2 - 1 - rank) >> 31;
            rank -= (free0 & skip0) + (free1 & skip1) + (free2 & skip2);
            int child = -(skip0 + skip1 + skip2);
            page = FAN * page + child;
            first = FAN * (first + child + 1);
        }
        long[] second = other == null ? Page.EMPTY : other.pages[page];
        return (page << Page.BITS) + Page.select(pages[page], second, rank);
    }

    /** How many slots before {@code slot} are free here and in {@code other}. */
    private int rank(@Nullable SlotTree other, int slot) {
        int page = slot >>> Page.BITS;
        long[] second = other == null ? Page.EMPTY : other.pages[page];
        int used = Page.usedBefore(pages[page], slot & (Page.SLOTS - 1))
                + Page.usedBefore(second, slot & (Page.SLOTS - 1));
        if (height > 0) {
            for (int entry = lastLevel + page; entry >= 0; entry = (entry >>> 2) - 1) {
                for (int before = entry & -FAN; before < entry; before++) {
                    used += counts[before] + (other == null ? 0 : other.counts[before]);
                }
            }
        }
        return slot - used;
    }
}
