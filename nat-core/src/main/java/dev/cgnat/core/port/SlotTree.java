package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A set of slots 0 to n - 1 of which any free one can be drawn with equal probability, at any occupancy, without a
 * search.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a draw or a release is O(log n): one node of sixteen counts for each
 * factor of 16 above 4,096 slots, then eight line counts and at most eight words. Memory follows use: up to eight used
 * slots are a list of at most 48 bytes; beyond that, a leaf of 4,096 slots is 584 bytes and exists while one of its slots
 * is used.
 */
/*
 * A count tree over a bitmap, read by rank and select [1].
 *
 *          Inner   used[16]                       slots under one child: 4,096 · 16^(level - 1)
 *         /  |  \
 *     Leaf Leaf null                              null: nothing used there
 *       words[64]      one bit a slot, 1 = used
 *       lineUsed[8]    used bits of each line of eight words, which is one cache line
 *
 * A draw picks a rank r below the number of free slots, and descends to the r-th free slot, counted from the lowest: at
 * each level it skips the children whose free slots all come before r. The free slots below a child are its capacity,
 * which is arithmetic, less its used count; so absent children cost nothing. The bits of the last leaf beyond n are set
 * once, in the leaf alone, so that no rank can land on them.
 *
 * Most destinations carry a handful of flows, for which a tree would be a waste. So the first used slots stand in a sorted
 * list: there the r-th free slot is r, plus one for each used slot that it steps over. A tree takes over when the list is
 * full and lasts until the set is empty, so that a set on the border does not change back and forth.
 *
 * [1] G. Jacobson, Space-efficient static trees and graphs, FOCS 1989.
 */
public final class SlotTree {
    /** What a draw returns when no slot is free. */
    public static final int NO_SLOT = -1;

    private static final int LEAF_BITS = 12;
    private static final int FAN_BITS = 4;
    private static final int FAN = 1 << FAN_BITS;

    private static final int MAX_FEW = 8;
    private static final int[] NONE = {};

    private final int slots;
    private final int height;
    /** Absent while the used slots stand in {@code few}. */
    private @Nullable Node root;
    /** The used slots while there is no tree, ascending. */
    private int[] few = NONE;

    private int used;

    /** All of {@code slots} slots, 1 or more, are free. */
    public SlotTree(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: " + slots + " (expected: at least 1)");
        }
        this.slots = slots;
        int levels = 0;
        while ((long) slots > 1L << (LEAF_BITS + FAN_BITS * levels)) {
            levels++;
        }
        height = levels;
    }

    public int size() {
        return slots;
    }

    public int used() {
        return used;
    }

    public boolean isUsed(int slot) {
        Objects.checkIndex(slot, slots);
        Node node = root;
        if (node == null) {
            return Arrays.binarySearch(few, slot) >= 0;
        }
        for (int level = height; level > 0; level--) {
            Node child = ((Inner) node).children[childOf(slot, level)];
            if (child == null) {
                return false;
            }
            node = child;
        }
        return ((Leaf) node).isUsed(slot & Leaf.MASK);
    }

    /** Takes a slot drawn uniformly from the free ones; {@link #NO_SLOT} only when none is free. */
    public int claimUniform(RandomGenerator random) {
        int free = slots - used;
        if (free == 0) {
            return NO_SLOT;
        }
        int rank = random.nextInt(free); // the rank-th free slot, counted from the lowest
        if (root == null && used < MAX_FEW) {
            return claimFew(rank);
        }
        return claimInTree(rank, root == null ? plant() : root);
    }

    private int claimFew(int rank) {
        int slot = rank;
        int at = 0;
        while (at < used && few[at] <= slot) {
            slot++;
            at++;
        }
        int[] more = Arrays.copyOf(few, used + 1);
        System.arraycopy(few, at, more, at + 1, used - at);
        more[at] = slot;
        few = more;
        used++;
        return slot;
    }

    /** Moves the list into a new tree. */
    private Node plant() {
        Node tree = height == 0 ? new Leaf(slots) : new Inner();
        root = tree;
        used = 0;
        for (int i = 0; i < few.length; i++) {
            claimInTree(few[i] - i, tree); // ascending, so all i before it are used
        }
        few = NONE;
        return tree;
    }

    private int claimInTree(int rankInTree, Node tree) {
        int rank = rankInTree;
        used++;
        Node node = tree;
        int base = 0;
        for (int level = height; level > 0; level--) {
            Inner inner = (Inner) node;
            int span = spanBelow(level);
            int child = 0;
            int freeBelow = capacity(base, span) - inner.used[0];
            while (rank >= freeBelow) {
                rank -= freeBelow;
                child++;
                base += span;
                freeBelow = capacity(base, span) - inner.used[child];
            }
            inner.used[child]++;
            node = inner.childOrNew(child, level, capacity(base, span));
        }
        return base + ((Leaf) node).claimRank(rank);
    }

    /** Makes a used slot free; {@link IllegalStateException} if it is free already. */
    public void release(int slot) {
        if (!isUsed(slot)) {
            throw new IllegalStateException("slot: " + slot + " (expected: a used slot)");
        }
        used--;
        Node node = root;
        if (node == null) {
            few = Arrays.stream(few).filter(other -> other != slot).toArray();
            return;
        }
        if (used == 0) {
            root = null;
            return;
        }
        for (int level = height; level > 0; level--) {
            Inner inner = (Inner) node;
            int child = childOf(slot, level);
            node = inner.child(child);
            if (--inner.used[child] == 0) {
                inner.children[child] = null;
            }
        }
        ((Leaf) node).release(slot & Leaf.MASK);
    }

    private int capacity(int base, int span) {
        return Math.min(span, slots - base);
    }

    private static int spanBelow(int level) {
        return 1 << (LEAF_BITS + FAN_BITS * (level - 1));
    }

    private static int childOf(int slot, int level) {
        return (slot >>> (LEAF_BITS + FAN_BITS * (level - 1))) & (FAN - 1);
    }

    private abstract static class Node {}

    private static final class Inner extends Node {
        private final int[] used = new int[FAN];
        private final @Nullable Node[] children = new @Nullable Node[FAN];

        Node child(int index) {
            Node child = children[index];
            if (child == null) {
                throw new IllegalStateException("index: " + index + " (expected: a child in use)");
            }
            return child;
        }

        Node childOrNew(int index, int level, int capacity) {
            Node child = children[index];
            if (child == null) {
                child = level == 1 ? new Leaf(capacity) : new Inner();
                children[index] = child;
            }
            return child;
        }
    }

    private static final class Leaf extends Node {
        static final int MASK = (1 << LEAF_BITS) - 1;

        private static final int WORDS = 1 << (LEAF_BITS - 6);
        private static final int WORDS_PER_LINE = 8;
        private static final int SLOTS_PER_LINE = WORDS_PER_LINE * Long.SIZE;

        private final long[] words = new long[WORDS];
        private final short[] lineUsed = new short[WORDS / WORDS_PER_LINE];

        Leaf(int capacity) {
            for (int slot = capacity; slot <= MASK; slot++) {
                claim(slot);
            }
        }

        boolean isUsed(int slot) {
            return (words[slot >>> 6] & (1L << slot)) != 0;
        }

        int claimRank(int rankInLeaf) {
            int rank = rankInLeaf;
            int line = 0;
            while (rank >= SLOTS_PER_LINE - lineUsed[line]) {
                rank -= SLOTS_PER_LINE - lineUsed[line];
                line++;
            }
            int word = line * WORDS_PER_LINE;
            int free = Long.bitCount(~words[word]);
            while (rank >= free) {
                rank -= free;
                word++;
                free = Long.bitCount(~words[word]);
            }
            int slot = word * Long.SIZE + select(~words[word], rank);
            claim(slot);
            return slot;
        }

        void claim(int slot) {
            words[slot >>> 6] |= 1L << slot;
            lineUsed[slot / SLOTS_PER_LINE]++;
        }

        void release(int slot) {
            words[slot >>> 6] &= ~(1L << slot);
            lineUsed[slot / SLOTS_PER_LINE]--;
        }

        /** Position of the {@code rank}-th set bit, by halving: six population counts, whatever the rank. */
        private static int select(long word, int rank) {
            long rest = word;
            int remaining = rank;
            int position = 0;
            for (int width = Long.SIZE / 2; width > 0; width /= 2) {
                int ones = Long.bitCount(rest & ((1L << width) - 1));
                if (remaining >= ones) {
                    remaining -= ones;
                    rest >>>= width;
                    position += width;
                }
            }
            return position;
        }
    }
}
