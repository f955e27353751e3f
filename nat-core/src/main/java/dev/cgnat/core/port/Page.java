package dev.cgnat.core.port;

/** A run of up to 32,768 slots: a bit for each, and how many are used in its parts. */
/*
 *   long  0        used in each quarter         (8,192 slots a lane of 16 bits)
 *         1 ..  4  used in each quarter of that (2,048 slots)
 *         5 .. 20  used in each line            (512 slots)
 *        21 ..     the bits, 1 = used, eight words to a line; a short run has fewer lines
 *
 * The r-th free slot, counted from the lowest, is found by rank and select [1]. At each of the three steps the four counts
 * that matter lie in one word, so their prefix sums are one multiplication, and the comparison of all four with the rank is
 * one subtraction whose borrows are the answer [2]: no loop and no branch that depends on the occupancy.
 *
 * Slots beyond the end of a short run count as free. They are the highest, so a rank below the number of real free slots
 * never gets to them.
 *
 * Two runs in which no slot is used twice are searched as one: the counts add lane by lane, and the bits by "or".
 *
 * [1] G. Jacobson, Space-efficient static trees and graphs, FOCS 1989.
 * [2] S. Vigna, Broadword implementation of rank/select queries, WEA 2008.
 */
final class Page {
    static final int BITS = 15;
    static final int SLOTS = 1 << BITS;

    private static final int LINE_BITS = 9;
    private static final int WORDS_PER_LINE = 8;
    private static final int FINE = 1;
    private static final int LINES = 5;
    private static final int WORDS = 21;

    /** Nothing is used; for reading only. */
    static final long[] EMPTY = create(SLOTS);

    private static final long EACH = 0x0001_0001_0001_0001L;
    private static final long TOP = 0x8000_8000_8000_8000L;
    /** One slot each in the first, the first two, … lanes: times the slots of a lane, what the lanes up to there hold. */
    private static final long FIRST_LANES = 0x0004_0003_0002_0001L;

    private static final byte[] SELECT_IN_BYTE = selectInByte();

    private Page() {}

    /** A run of {@code slots} slots, all of them free. */
    static long[] create(int slots) {
        int lines = (slots + (1 << LINE_BITS) - 1) >>> LINE_BITS;
        return new long[WORDS + lines * WORDS_PER_LINE];
    }

    static boolean isUsed(long[] page, int slot) {
        return (word(page, slot) >>> slot & 1) != 0;
    }

    /** The bits of which {@code slot} has one. */
    static long word(long[] page, int slot) {
        return page[WORDS + (slot >>> 6)];
    }

    /** Uses a free slot. */
    static void set(long[] page, int slot) {
        page[WORDS + (slot >>> 6)] |= 1L << slot;
        count(page, slot, 1);
    }

    /** Frees a used slot. */
    static void clear(long[] page, int slot) {
        page[WORDS + (slot >>> 6)] &= ~(1L << slot);
        count(page, slot, -1);
    }

    private static void count(long[] page, int slot, long by) {
        page[0] += by << (slot >>> 13 << 4);
        page[FINE + (slot >>> 13)] += by << (slot >>> 7 & 0x30);
        page[LINES + (slot >>> 11)] += by << (slot >>> 5 & 0x30);
    }

    /** How many slots before {@code slot} are used. */
    static int usedBefore(long[] page, int slot) {
        long used = lanesBefore(page[0], slot >>> 13)
                + lanesBefore(page[FINE + (slot >>> 13)], slot >>> 11 & 3)
                + lanesBefore(page[LINES + (slot >>> 11)], slot >>> LINE_BITS & 3);
        int last = WORDS + (slot >>> 6);
        for (int word = WORDS + (slot >>> LINE_BITS) * WORDS_PER_LINE; word < last; word++) {
            used += Long.bitCount(page[word]);
        }
        return (int) used + Long.bitCount(page[last] & ((1L << slot) - 1));
    }

    private static long lanesBefore(long counts, int lane) {
        return ((counts & ((1L << (lane << 4)) - 1)) * EACH) >>> 48;
    }

    /** The first used slot at or after {@code slot}, {@link #SLOTS} if there is none. */
    static int nextUsed(long[] page, int slot) {
        int word = WORDS + (slot >>> 6);
        long found = word < page.length ? page[word] & -1L << slot : 0;
        while (found == 0 && ++word < page.length) {
            found = page[word];
        }
        return found == 0 ? SLOTS : ((word - WORDS) << 6) + Long.numberOfTrailingZeros(found);
    }

    /** The slot that is number {@code rank}, from 0, of those that are free in both. */
    static int select(long[] page, long[] other, int rank) {
        long step = descend(page[0] + other[0], 13, rank);
        int quarter = (int) step & 3;
        step = descend(page[FINE + quarter] + other[FINE + quarter], 11, (int) (step >>> 2));
        int fine = (quarter << 2) | ((int) step & 3);
        step = descend(page[LINES + fine] + other[LINES + fine], LINE_BITS, (int) (step >>> 2));
        int line = (fine << 2) | ((int) step & 3);
        return selectInLine(page, other, line * WORDS_PER_LINE, (int) (step >>> 2));
    }

    /** The lane in which the slot of {@code rank} lies, and above its two bits the rank within that lane. */
    private static long descend(long used, int laneBits, int rank) {
        long free = (FIRST_LANES << laneBits) - used * EACH; // in the lanes up to each one
        int lane = Long.bitCount(((rank * EACH | TOP) - free) & TOP);
        long before = (free << 16) >>> (lane << 4) & 0xffff;
        return (rank - before) << 2 | lane;
    }

    private static int selectInLine(long[] page, long[] other, int firstWord, int rankInLine) {
        int word = WORDS + firstWord;
        int half = free(page, other, word)
                + free(page, other, word + 1)
                + free(page, other, word + 2)
                + free(page, other, word + 3);
        int skipHalf = (half - 1 - rankInLine) >> 31; // all ones if the slot comes after this half
        int rank = rankInLine - (half & skipHalf);
        word += WORDS_PER_LINE / 2 & skipHalf;
        int free0 = free(page, other, word);
        int free1 = free0 + free(page, other, word + 1);
        int free2 = free1 + free(page, other, word + 2);
        int skip0 = (free0 - 1 - rank) >> 31;
        int skip1 = (free1 - 1 - rank) >> 31;
        int skip2 = (free2 - 1 - rank) >> 31;
        rank -= (free0 & skip0 & ~skip1) + (free1 & skip1 & ~skip2) + (free2 & skip2);
        word -= skip0 + skip1 + skip2;
        return ((word - WORDS) << 6) + selectInWord(~(page[word] | other[word]), rank);
    }

    /** How many slots of a word are free in both. */
    private static int free(long[] page, long[] other, int word) {
        return Long.SIZE - Long.bitCount(page[word] | other[word]);
    }

    /** The place of bit number {@code rank}, from 0, of those that are set. */
    static int selectInWord(long word, int rank) {
        long sums = word - (word >>> 1 & 0x5555_5555_5555_5555L);
        sums = (sums & 0x3333_3333_3333_3333L) + (sums >>> 2 & 0x3333_3333_3333_3333L);
        sums = (sums + (sums >>> 4) & 0x0f0f_0f0f_0f0f_0f0fL) * 0x0101_0101_0101_0101L;
        long ranks = rank * 0x0101_0101_0101_0101L | 0x8080_8080_8080_8080L;
        int shift = Long.bitCount((ranks - sums) & 0x8080_8080_8080_8080L) << 3;
        int rankInByte = rank - (int) ((sums << 8) >>> shift & 0xff);
        return shift + SELECT_IN_BYTE[(int) (word >>> shift & 0xff) | rankInByte << 8];
    }

    private static byte[] selectInByte() {
        byte[] table = new byte[8 << 8];
        for (int bits = 0; bits < 1 << 8; bits++) {
            int rank = 0;
            for (int place = 0; place < 8; place++) {
                if ((bits >>> place & 1) != 0) {
                    table[bits | rank++ << 8] = (byte) place;
                }
            }
        }
        return table;
    }
}
