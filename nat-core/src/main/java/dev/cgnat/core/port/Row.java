package dev.cgnat.core.port;

/**
 * How a unit stands in eight longs of a {@link UnitTable}, and the used slots that stand there too: up to {@value #NARROW_PLACES},
 * or {@value #WIDE_PLACES} where a slot takes more than 16 bits.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); a search or a change reads the row and nothing else.
 */
/*
 *    long 0   region : last 32 bits of the remote address; in a free row the next free one
 *         1   size (32 bits) : used slots (5) : form (4) : flags (4) : remote (19)
 *         2 … 7   the slots in any order, four to a long, two if the unit is wide: each plus one, 0 where there is none
 *
 * A row is 64 bytes, so that what a draw in such a unit has to know, and what it changes, is one read from memory. Were the
 * slots elsewhere, that would be a second one that cannot begin before the first has ended.
 *
 * A search compares all places at once, as broadword arithmetic [1] tells which lanes of a long are zero: no branch depends
 * on what it reads but the one that asks whether the slot was found at all. Lane l of long i has bit 16 (l + 1) - 1 - i of the result. A carry can set
 * bits of lanes above one that is equal, never below, so the lowest bit is always right.
 *
 * The slots of another form are elsewhere, see SparseSlots, and long 2 then is used slots : block. Those of a dense unit are in its
 * DenseUnit.
 *
 * [1] D. E. Knuth, The Art of Computer Programming 4A, section 7.1.3.
 */
final class Row {
    static final int LONGS = 8;
    static final int WHERE = 0;
    static final int STATE = 1;
    /** Where the slots begin; or how many are used, and in which block, if they are elsewhere. */
    static final int SLOTS = 2;

    static final int NARROW_PLACES = 24;
    static final int WIDE_PLACES = 12;

    /** The greatest number of slots of a unit of which each, plus one, fits 16 bits. */
    static final int NARROW_SIZE = (1 << 16) - 1;

    static final int REMOTE = (1 << 19) - 1;
    /** The row is taken. */
    static final int ALIVE = 1 << 19;
    /** The unit has a bitmap. */
    static final int DENSE = 1 << 20;
    /** Its slots do not fit 16 bits. */
    static final int WIDE = 1 << 21;
    /** The remote address is not an IPv4 one: its other 96 bits are beside the rows. */
    static final int UPPER = 1 << 22;

    private static final int FORM_SHIFT = 23;
    private static final int FORM = 15 << FORM_SHIFT;
    private static final int USED_SHIFT = 27;
    private static final int SIZE_SHIFT = 32;

    private static final int NARROW_BITS = 16;
    private static final int WIDE_BITS = 32;
    private static final long EACH_NARROW = 0x0001_0001_0001_0001L;
    private static final long EACH_WIDE = 0x0000_0001_0000_0001L;

    private Row() {}

    static long where(int address, int region) {
        return (long) region << Integer.SIZE | Integer.toUnsignedLong(address);
    }

    /** Of a new unit: sparse, with its slots in the row, none of them used. */
    static long state(int remote, boolean hasUpper, int size) {
        return (long) size << SIZE_SHIFT | (remote | ALIVE | (hasUpper ? UPPER : 0) | (size > NARROW_SIZE ? WIDE : 0));
    }

    static int size(long state) {
        return (int) (state >>> SIZE_SHIFT);
    }

    /** How the slots of a sparse unit are kept: 0 for in the row, the other meanings are those of {@link SparseSlots}. */
    static int form(long state) {
        return ((int) state & FORM) >>> FORM_SHIFT;
    }

    static long withForm(long state, int form) {
        return (state & ~(long) FORM) | ((long) form << FORM_SHIFT);
    }

    static boolean isWide(long state) {
        return (state & WIDE) != 0;
    }

    /** Whether the unit is sparse and its slots are in its row. */
    static boolean isInline(long state) {
        return (state & (ALIVE | DENSE | FORM)) == ALIVE;
    }

    /** Whether that is so and its slots take 16 bits: nearly every unit of a long list of destinations. */
    static boolean isPlain(long state) {
        return (state & (ALIVE | DENSE | FORM | WIDE)) == ALIVE;
    }

    /** Slots that are used, if they are in the row. */
    static int used(long state) {
        return (int) state >>> USED_SHIFT;
    }

    static int places(boolean isWide) {
        return isWide ? WIDE_PLACES : NARROW_PLACES;
    }

    /** Whether {@code slot}, 0 to size - 1, stands in the row at {@code at}. */
    static boolean contains(long[] rows, int at, int slot, boolean isWide) {
        long each = each(isWide);
        long wanted = (slot + 1L) * each;
        long equal = zeros(rows[at + SLOTS] ^ wanted, each)
                | zeros(rows[at + SLOTS + 1] ^ wanted, each)
                | zeros(rows[at + SLOTS + 2] ^ wanted, each)
                | zeros(rows[at + SLOTS + 3] ^ wanted, each)
                | zeros(rows[at + SLOTS + 4] ^ wanted, each)
                | zeros(rows[at + SLOTS + 5] ^ wanted, each);
        return (equal & tops(isWide)) != 0;
    }

    /** Where {@code slot}, 0 to size - 1, stands in the row at {@code at}: for {@link #remove}; 0 if it does not. */
    static long find(long[] rows, int at, int slot, boolean isWide) {
        long each = each(isWide);
        long tops = tops(isWide);
        long wanted = (slot + 1L) * each;
        long found = zeros(rows[at + SLOTS + 5] ^ wanted, each) & tops;
        found = found >>> 1 | (zeros(rows[at + SLOTS + 4] ^ wanted, each) & tops);
        found = found >>> 1 | (zeros(rows[at + SLOTS + 3] ^ wanted, each) & tops);
        found = found >>> 1 | (zeros(rows[at + SLOTS + 2] ^ wanted, each) & tops);
        found = found >>> 1 | (zeros(rows[at + SLOTS + 1] ^ wanted, each) & tops);
        return found >>> 1 | (zeros(rows[at + SLOTS] ^ wanted, each) & tops);
    }

    /** A one in the top bit of each lane that is zero, perhaps of lanes above such a one, and anything in the other bits. */
    private static long zeros(long lanes, long each) {
        return (lanes - each) & ~lanes;
    }

    private static long each(boolean isWide) {
        return isWide ? EACH_WIDE : EACH_NARROW;
    }

    private static long tops(boolean isWide) {
        return each(isWide) << ((isWide ? WIDE_BITS : NARROW_BITS) - 1);
    }

    /** Slot number {@code index} of those that stand in the row, counted from 0. */
    static int get(long[] rows, int at, int index, boolean isWide) {
        return (int) lane(rows[at + SLOTS + (index >> laneBits(isWide))], index, isWide) - 1;
    }

    /** Adds a slot that is absent to a row that has room; {@code state} is that of the row. */
    static void add(long[] rows, int at, long state, int slot, boolean isWide) {
        int used = used(state);
        rows[at + SLOTS + (used >> laneBits(isWide))] |= (slot + 1L) << shift(used, isWide);
        rows[at + STATE] = state + (1L << USED_SHIFT);
    }

    /** Removes a slot; {@code found} is what {@link #find} said, {@code state} the row's. */
    static void remove(long[] rows, int at, long state, int slot, long found, boolean isWide) {
        int bits = isWide ? WIDE_BITS : NARROW_BITS;
        int last = used(state) - 1;
        int lastAt = at + SLOTS + (last >> laneBits(isWide));
        long moved = lane(rows[lastAt], last, isWide);
        rows[lastAt] ^= moved << shift(last, isWide);
        int bit = Long.numberOfTrailingZeros(found);
        int hole = at + SLOTS + (~bit & (bits - 1));
        rows[hole] += (moved - (slot + 1L)) << (bit & -bits); // nothing if it was the last
        rows[at + STATE] = state - (1L << USED_SHIFT);
    }

    /** Binary logarithm of the slots of a long. */
    private static int laneBits(boolean isWide) {
        return isWide ? 1 : 2;
    }

    private static long lane(long lanes, int index, boolean isWide) {
        return (lanes >>> shift(index, isWide)) & (isWide ? 0xffff_ffffL : 0xffffL);
    }

    /** Of a slot in its long; a shift takes no notice of what is above 63. */
    private static int shift(int index, boolean isWide) {
        return index << (isWide ? 5 : 4);
    }

    /** How many slots are used, if they are elsewhere. */
    static int usedElsewhere(long[] rows, int at) {
        return (int) (rows[at + SLOTS] >>> Integer.SIZE);
    }

    static int block(long[] rows, int at) {
        return (int) rows[at + SLOTS];
    }

    static void setElsewhere(long[] rows, int at, int form, int block, int used) {
        rows[at + STATE] = withForm(rows[at + STATE], form);
        rows[at + SLOTS] = (long) used << Integer.SIZE | Integer.toUnsignedLong(block);
    }

    /** No slot is used, and the next ones are in the row. */
    static void clear(long[] rows, int at) {
        rows[at + STATE] &= ~((long) FORM | Integer.toUnsignedLong(-1 << USED_SHIFT));
        for (int i = SLOTS; i < LONGS; i++) {
            rows[at + i] = 0;
        }
    }
}
