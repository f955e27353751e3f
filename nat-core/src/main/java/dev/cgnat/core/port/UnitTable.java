package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The units of a port space: numbers instead of objects, interned by key.
 *
 * <p>A new unit takes a number that is free in the lowest chunk with room, so numbers stay dense. <b>Ownership</b>: one
 * thread. <b>Costs</b>: O(1); 30 bytes per unit of an IPv4 destination, index included, 42 of an IPv6 one; chunks of
 * {@value #CHUNK} units go when the last of them is forgotten.
 */
/*
 * Number n is row n mod 1,024 of chunk n / 1,024. What every unit has is five ints that stand together, so that a unit
 * costs one cache line or two:
 *
 *    0  last 32 bits of the remote address; in a free row the next free one
 *    1  region
 *    2  remote (19 bits), whether the row is taken, whether the unit is dense, whether it is wide, form
 *    3  used slots
 *    4  block of a sparse unit's slots
 *
 * The other 96 bits of the remote address have arrays of their own, which a chunk has only once it has met an address that
 * is not IPv4. Likewise sizes, as long as all units of a chunk are equally large, pins and bitmaps.
 *
 * The index is a LongSet of hash (32 bits) : number (31 bits). All numbers of equal hash stand side by side, and their
 * keys tell which it is.
 */
final class UnitTable {
    static final int NONE = -1;

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int ROW = 5;
    private static final int NUMBER_BITS = 31;

    private static final int ADDRESS = 0;
    private static final int REGION = 1;
    private static final int REMOTE = 2;
    private static final int USED = 3;
    private static final int BLOCK = 4;

    private static final int REMOTE_MASK = (1 << 19) - 1;
    private static final int ALIVE = 1 << 19;
    private static final int DENSE = 1 << 20;
    private static final int WIDE = 1 << 21;
    private static final int FORM_SHIFT = 22;
    private static final int NARROW_SIZE = 1 << 16;
    private static final int IPV4_UPPER = 0xffff;
    private static final int[] NO_ROWS = {};

    private final LongSet index = new LongSet();
    private final BitSet chunksWithRoom = new BitSet();
    private int[][] rows = {};
    private @Nullable Chunk[] chunks = {};
    /** No chunk before this one has room. */
    private int roomFrom;

    /** Units that are not forgotten. */
    int count() {
        return index.size();
    }

    /** Heap taken, in bytes, bitmaps included. */
    long bytes() {
        long sum = index.bytes() + 8L * chunks.length;
        for (Chunk chunk : chunks) {
            sum += chunk == null ? 0 : chunk.bytes();
        }
        return sum;
    }

    int find(UnitKey key) {
        int hash = hash(key);
        long found = index.ceiling(first(hash));
        while (found != LongSet.NONE && (int) (found >>> NUMBER_BITS) == hash) {
            int unit = (int) found & Integer.MAX_VALUE;
            if (matches(unit, key)) {
                return unit;
            }
            found = index.ceiling(found + 1);
        }
        return NONE;
    }

    /** Adds a unit that {@link #find} did not find. */
    int add(UnitKey key, int size) {
        int number = chunksWithRoom.nextSetBit(roomFrom);
        if (number < 0) {
            number = firstAbsentChunk();
            open(number, size);
        }
        roomFrom = number;
        Chunk chunk = chunk(number);
        int[] row = rows[number];
        int inChunk = chunk.firstFree;
        int at = inChunk * ROW;
        chunk.firstFree = row[at + ADDRESS];
        if (chunk.firstFree == NONE) {
            chunksWithRoom.clear(number);
        }
        chunk.alive++;
        chunk.setSize(inChunk, size);
        chunk.setUpper(inChunk, key.remoteHigh(), (int) (key.remoteLow() >>> 32));
        row[at + ADDRESS] = (int) key.remoteLow();
        row[at + REGION] = key.region();
        row[at + REMOTE] = key.remote() | ALIVE | (size > NARROW_SIZE ? WIDE : 0);
        row[at + USED] = 0;
        int unit = number << CHUNK_BITS | inChunk;
        index.add(entry(key, unit));
        return unit;
    }

    /** Forgets a unit; its number may be given to another. */
    void remove(int unit) {
        index.remove(entry(key(unit), unit));
        int number = unit >>> CHUNK_BITS;
        int inChunk = unit & (CHUNK - 1);
        Chunk chunk = chunk(number);
        int[] row = rows[number];
        int at = inChunk * ROW;
        chunk.clear(inChunk);
        row[at + REMOTE] = 0;
        row[at + ADDRESS] = chunk.firstFree;
        chunk.firstFree = inChunk;
        chunksWithRoom.set(number);
        roomFrom = Math.min(roomFrom, number);
        if (--chunk.alive == 0 && hasRoomElsewhere(number)) { // else the next unit would bring the chunk back
            rows[number] = NO_ROWS;
            chunks[number] = null;
            chunksWithRoom.clear(number);
        }
    }

    UnitKey key(int unit) {
        int[] row = rowsOf(unit);
        int at = at(unit);
        Chunk chunk = chunk(unit >>> CHUNK_BITS);
        int inChunk = unit & (CHUNK - 1);
        long low = (long) chunk.middle(inChunk) << 32 | Integer.toUnsignedLong(row[at + ADDRESS]);
        return new UnitKey(chunk.high(inChunk), low, (row[at + REMOTE] & REMOTE_MASK), row[at + REGION]);
    }

    int region(int unit) {
        return rowsOf(unit)[at(unit) + REGION];
    }

    int size(int unit) {
        rowsOf(unit);
        return chunk(unit >>> CHUNK_BITS).size(unit & (CHUNK - 1));
    }

    int used(int unit) {
        return rowsOf(unit)[at(unit) + USED];
    }

    /** Slots that are not used. */
    int free(int unit) {
        int used = used(unit);
        return chunk(unit >>> CHUNK_BITS).size(unit & (CHUNK - 1)) - used;
    }

    /** Returns how many slots are used then. */
    int addUsed(int unit, int by) {
        return rowsOf(unit)[at(unit) + USED] += by;
    }

    /** Whether the unit has slots that do not fit 16 bits. */
    boolean isWide(int unit) {
        return (rowsOf(unit)[at(unit) + REMOTE] & WIDE) != 0;
    }

    /** How the slots of a sparse unit are kept, 0 at first; the meaning is that of {@link SparseSlots}. */
    int form(int unit) {
        return rowsOf(unit)[at(unit) + REMOTE] >>> FORM_SHIFT;
    }

    void setForm(int unit, int form) {
        int[] row = rowsOf(unit);
        int at = at(unit) + REMOTE;
        row[at] = (row[at] & ((1 << FORM_SHIFT) - 1)) | (form << FORM_SHIFT);
    }

    /** Where the slots of a sparse unit are kept, or the slots themselves. */
    int block(int unit) {
        return rowsOf(unit)[at(unit) + BLOCK];
    }

    void setBlock(int unit, int block) {
        rowsOf(unit)[at(unit) + BLOCK] = block;
    }

    int pins(int unit) {
        rowsOf(unit);
        return chunk(unit >>> CHUNK_BITS).pins(unit & (CHUNK - 1));
    }

    void addPins(int unit, int by) {
        rowsOf(unit);
        chunk(unit >>> CHUNK_BITS).addPins(unit & (CHUNK - 1), by);
    }

    /** The bitmap of a promoted unit. */
    @Nullable
    DenseUnit dense(int unit) {
        if ((rowsOf(unit)[at(unit) + REMOTE] & DENSE) == 0) {
            return null;
        }
        return chunk(unit >>> CHUNK_BITS).dense(unit & (CHUNK - 1));
    }

    void setDense(int unit, @Nullable DenseUnit dense) {
        int[] row = rowsOf(unit);
        int at = at(unit) + REMOTE;
        row[at] = dense == null ? row[at] & ~DENSE : row[at] | DENSE;
        chunk(unit >>> CHUNK_BITS).setDense(unit & (CHUNK - 1), dense);
    }

    private boolean matches(int unit, UnitKey key) {
        int[] row = rows[unit >>> CHUNK_BITS];
        int at = at(unit);
        if (row[at + ADDRESS] != (int) key.remoteLow()
                || row[at + REGION] != key.region()
                || (row[at + REMOTE] & REMOTE_MASK) != key.remote()) {
            return false;
        }
        Chunk chunk = chunk(unit >>> CHUNK_BITS);
        int inChunk = unit & (CHUNK - 1);
        return chunk.high(inChunk) == key.remoteHigh() && chunk.middle(inChunk) == (int) (key.remoteLow() >>> 32);
    }

    private static int at(int unit) {
        return (unit & (CHUNK - 1)) * ROW;
    }

    /** The rows of the chunk of a unit that is not forgotten. */
    private int[] rowsOf(int unit) {
        int number = unit >>> CHUNK_BITS;
        if (number < rows.length) {
            int[] found = rows[number];
            int at = at(unit);
            if (at < found.length && (found[at + REMOTE] & ALIVE) != 0) {
                return found;
            }
        }
        throw new IllegalStateException("unit: " + unit + " (expected: a unit that is not forgotten)");
    }

    private Chunk chunk(int number) {
        Chunk chunk = chunks[number];
        if (chunk == null) {
            throw new IllegalStateException("number: " + number + " (expected: a chunk in use)");
        }
        return chunk;
    }

    private boolean hasRoomElsewhere(int number) {
        return chunksWithRoom.nextSetBit(roomFrom) < number || chunksWithRoom.nextSetBit(number + 1) >= 0;
    }

    private int firstAbsentChunk() {
        int number = 0;
        while (number < chunks.length && chunks[number] != null) {
            number++;
        }
        return number;
    }

    private void open(int number, int size) {
        if (number == chunks.length) {
            int length = number + Math.max(4, number / 8);
            chunks = Arrays.copyOf(chunks, length);
            rows = Arrays.copyOf(rows, length);
            Arrays.fill(rows, number, length, NO_ROWS);
        }
        int[] row = new int[CHUNK * ROW];
        for (int i = 0; i < CHUNK; i++) {
            row[i * ROW + ADDRESS] = i + 1 < CHUNK ? i + 1 : NONE;
        }
        rows[number] = row;
        chunks[number] = new Chunk(size);
        chunksWithRoom.set(number);
    }

    private static long entry(UnitKey key, int unit) {
        return first(hash(key)) | unit;
    }

    /** What comes first of the entries of {@code hash}. */
    private static long first(int hash) {
        return Integer.toUnsignedLong(hash) << NUMBER_BITS;
    }

    private static int hash(UnitKey key) {
        long mixed = (key.remoteHigh() * 0x9e37_79b9_7f4a_7c15L ^ key.remoteLow()) * 0xbf58_476d_1ce4_e5b9L;
        mixed ^= mixed >>> 32;
        mixed = (mixed ^ (long) key.remote() << 32 ^ key.region()) * 0x94d0_49bb_1331_11ebL;
        mixed ^= mixed >>> 29;
        return (int) ((mixed * 0x9e37_79b9_7f4a_7c15L) >>> 32);
    }

    /** What the units of a chunk have besides their rows. */
    private static final class Chunk {
        private final int commonSize;
        private int[] sizes = NO_ROWS;
        private long[] highs = {};
        private int[] middles = NO_ROWS;
        private int[] pins = NO_ROWS;
        private @Nullable DenseUnit[] dense = {};
        int firstFree;
        int alive;

        Chunk(int commonSize) {
            this.commonSize = commonSize;
        }

        long bytes() {
            long arrays = 4L * sizes.length + 8L * highs.length + 4L * middles.length + 4L * pins.length;
            long bitmaps = 4L * dense.length;
            for (DenseUnit unit : dense) {
                bitmaps += unit == null ? 0 : unit.tree.bytes() + DenseUnit.BYTES;
            }
            return 48 + 16 + 4L * CHUNK * ROW + arrays + bitmaps;
        }

        int size(int row) {
            return sizes.length == 0 ? commonSize : sizes[row];
        }

        void setSize(int row, int size) {
            if (sizes.length == 0 && size != commonSize) {
                sizes = new int[CHUNK];
                Arrays.fill(sizes, commonSize);
            }
            if (sizes.length > 0) {
                sizes[row] = size;
            }
        }

        long high(int row) {
            return highs.length == 0 ? 0 : highs[row];
        }

        /** Bits 32 to 63 of the remote address. */
        int middle(int row) {
            return middles.length == 0 ? IPV4_UPPER : middles[row];
        }

        void setUpper(int row, long high, int middle) {
            if (highs.length == 0 && high != 0) {
                highs = new long[CHUNK];
            }
            if (highs.length > 0) {
                highs[row] = high;
            }
            if (middles.length == 0 && middle != IPV4_UPPER) {
                middles = new int[CHUNK];
                Arrays.fill(middles, IPV4_UPPER);
            }
            if (middles.length > 0) {
                middles[row] = middle;
            }
        }

        int pins(int row) {
            return pins.length == 0 ? 0 : pins[row];
        }

        void addPins(int row, int by) {
            if (pins.length == 0) {
                pins = new int[CHUNK];
            }
            pins[row] += by;
        }

        @Nullable
        DenseUnit dense(int row) {
            return dense.length == 0 ? null : dense[row];
        }

        void setDense(int row, @Nullable DenseUnit unit) {
            if (dense.length == 0) {
                dense = new @Nullable DenseUnit[CHUNK];
            }
            dense[row] = unit;
        }

        void clear(int row) {
            if (dense.length > 0) {
                dense[row] = null;
            }
        }
    }
}
