package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The units of a port space: numbers instead of objects, interned by key.
 *
 * <p>A new unit takes a number that is free in the lowest chunk with room, so numbers stay dense. <b>Ownership</b>: one
 * thread. <b>Costs</b>: O(1); 71 bytes per unit of an IPv4 destination, index and up to 24 used slots included, 83 of an IPv6 one;
 * chunks of {@value #CHUNK} units go when the last of them is forgotten.
 */
/*
 *   key ─► hash ─► index ─► number n ─► chunk n / 1,024 ─► row n mod 1,024, see Row
 *                                         │
 *                                         └─ upper halves of addresses, pins; bitmaps
 *
 * What every unit has stands together in its row, with its slots while they are few: a look-up costs the index and the row. The
 * other 96 bits of a remote address have arrays of their own, which a chunk has only once it has met an address that is not
 * IPv4. Likewise pins and bitmaps. The bitmap of a unit is found without a look at its row.
 */
final class UnitTable {
    static final int NONE = -1;

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int IPV4_UPPER = 0xffff;
    private static final long LOW_HALF = 0xffff_ffffL;
    private static final int[] NONE_YET = {};
    /** Of chunks that are absent: none of them is taken. */
    private static final long[] NO_ROWS = new long[CHUNK * Row.LONGS];

    private static final @Nullable DenseUnit[] NO_BITMAPS = {};

    private final UnitIndex index = new UnitIndex(this);
    private final BitSet chunksWithRoom = new BitSet();
    private long[][] rows = {};
    private @Nullable DenseUnit[][] bitmaps = {};
    private @Nullable Chunk[] chunks = {};
    /** No chunk before this one has room. */
    private int roomFrom;

    /** Units that are not forgotten. */
    int count() {
        return index.size();
    }

    /** Heap taken, in bytes, bitmaps included. */
    long bytes() {
        long sum = index.bytes() + 12L * chunks.length;
        for (Chunk chunk : chunks) {
            sum += chunk == null ? 0 : chunk.bytes() + 16 + 8L * CHUNK * Row.LONGS;
        }
        for (@Nullable DenseUnit[] units : bitmaps) {
            sum += 4L * units.length;
            for (DenseUnit unit : units) {
                sum += unit == null ? 0 : unit.tree.bytes() + DenseUnit.BYTES;
            }
        }
        return sum;
    }

    int find(UnitKey key) {
        return index.find(hash(key), key);
    }

    /** Adds a unit that {@link #find} did not find. */
    int add(UnitKey key, int size) {
        int number = chunksWithRoom.nextSetBit(roomFrom);
        if (number < 0) {
            number = firstAbsentChunk();
            open(number);
        }
        roomFrom = number;
        Chunk chunk = chunk(number);
        long[] found = rows[number];
        int inChunk = chunk.firstFree;
        int at = inChunk * Row.LONGS;
        chunk.firstFree = (int) found[at + Row.WHERE];
        if (chunk.firstFree == NONE) {
            chunksWithRoom.clear(number);
        }
        chunk.alive++;
        chunk.setUpper(inChunk, key.remoteHigh(), upper(key));
        found[at + Row.WHERE] = where(key);
        found[at + Row.STATE] = Row.state(key.remote(), !isIpv4(key), size);
        int unit = number << CHUNK_BITS | inChunk;
        index.add(hash(key), unit);
        return unit;
    }

    /** Forgets a unit of which no slot is used; its number may be given to another. */
    void remove(int unit) {
        index.remove(hash(unit), unit);
        int number = unit >>> CHUNK_BITS;
        int inChunk = unit & (CHUNK - 1);
        Chunk chunk = chunk(number);
        long[] found = rows[number];
        int at = at(unit);
        Row.clear(found, at);
        found[at + Row.STATE] = 0;
        found[at + Row.WHERE] = chunk.firstFree;
        chunk.firstFree = inChunk;
        if (bitmaps[number].length > 0) {
            bitmaps[number][inChunk] = null;
        }
        chunksWithRoom.set(number);
        roomFrom = Math.min(roomFrom, number);
        if (--chunk.alive == 0 && hasRoomElsewhere(number)) { // else the next unit would bring the chunk back
            rows[number] = NO_ROWS;
            bitmaps[number] = NO_BITMAPS;
            chunks[number] = null;
            chunksWithRoom.clear(number);
        }
    }

    UnitKey key(int unit) {
        long[] found = rows(unit);
        int at = at(unit);
        Chunk chunk = chunk(unit >>> CHUNK_BITS);
        int inChunk = unit & (CHUNK - 1);
        long where = found[at + Row.WHERE];
        long low = (long) chunk.upper(inChunk) << 32 | (where & LOW_HALF);
        return new UnitKey(
                chunk.high(inChunk), low, (int) found[at + Row.STATE] & Row.REMOTE, (int) (where >>> Integer.SIZE));
    }

    int region(int unit) {
        return (int) (rows(unit)[at(unit) + Row.WHERE] >>> Integer.SIZE);
    }

    int size(int unit) {
        return Row.size(rows(unit)[at(unit) + Row.STATE]);
    }

    /** What holds the row of {@code unit}, from {@link #at} on; {@link IllegalStateException} if the unit is forgotten. */
    long[] rows(int unit) {
        int number = unit >>> CHUNK_BITS;
        if (number < rows.length) {
            long[] found = rows[number];
            if ((found[at(unit) + Row.STATE] & Row.ALIVE) != 0) {
                return found;
            }
        }
        throw new IllegalStateException("unit: " + unit + " (expected: a unit that is not forgotten)");
    }

    /** As {@link #rows}, but whether the unit is forgotten the row must tell; its number must have been one of a unit. */
    long[] rowsUnchecked(int unit) {
        return rows[unit >>> CHUNK_BITS];
    }

    static int at(int unit) {
        return (unit & (CHUNK - 1)) * Row.LONGS;
    }

    int pins(int unit) {
        rows(unit);
        return chunk(unit >>> CHUNK_BITS).pins(unit & (CHUNK - 1));
    }

    void addPins(int unit, int by) {
        rows(unit);
        chunk(unit >>> CHUNK_BITS).addPins(unit & (CHUNK - 1), by);
    }

    /** The bitmap of a promoted unit. */
    @Nullable
    DenseUnit dense(int unit) {
        int number = unit >>> CHUNK_BITS;
        if (number < bitmaps.length) {
            @Nullable DenseUnit[] units = bitmaps[number];
            int inChunk = unit & (CHUNK - 1);
            DenseUnit found = inChunk < units.length ? units[inChunk] : null;
            if (found != null) {
                return found;
            }
        }
        rows(unit); // must not be forgotten
        return null;
    }

    void setDense(int unit, @Nullable DenseUnit dense) {
        long[] found = rows(unit);
        int at = at(unit) + Row.STATE;
        found[at] = dense == null ? found[at] & ~(long) Row.DENSE : found[at] | Row.DENSE;
        int number = unit >>> CHUNK_BITS;
        if (bitmaps[number].length == 0) {
            bitmaps[number] = new @Nullable DenseUnit[CHUNK];
        }
        bitmaps[number][unit & (CHUNK - 1)] = dense;
    }

    /** Whether {@code key} is that of {@code unit}, which must not be forgotten. */
    boolean matches(int unit, UnitKey key) {
        long[] found = rows[unit >>> CHUNK_BITS];
        int at = at(unit);
        if (found[at + Row.WHERE] != where(key)) {
            return false;
        }
        int remote = (int) found[at + Row.STATE] & (Row.REMOTE | Row.UPPER);
        return isIpv4(key) ? remote == key.remote() : remote == (key.remote() | Row.UPPER) && hasUpper(unit, key);
    }

    private boolean hasUpper(int unit, UnitKey key) {
        Chunk chunk = chunk(unit >>> CHUNK_BITS);
        int inChunk = unit & (CHUNK - 1);
        return chunk.high(inChunk) == key.remoteHigh() && chunk.upper(inChunk) == upper(key);
    }

    private static long where(UnitKey key) {
        return Row.where((int) key.remoteLow(), key.region());
    }

    /** Bits 32 to 63 of the remote address. */
    private static int upper(UnitKey key) {
        return (int) (key.remoteLow() >>> Integer.SIZE);
    }

    private static boolean isIpv4(UnitKey key) {
        return (key.remoteHigh() | (key.remoteLow() >>> Integer.SIZE ^ IPV4_UPPER)) == 0;
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

    private void open(int number) {
        if (number == chunks.length) {
            int length = number + Math.max(4, number / 8);
            chunks = Arrays.copyOf(chunks, length);
            rows = Arrays.copyOf(rows, length);
            bitmaps = Arrays.copyOf(bitmaps, length);
            Arrays.fill(rows, number, length, NO_ROWS);
            Arrays.fill(bitmaps, number, length, NO_BITMAPS);
        }
        long[] free = new long[CHUNK * Row.LONGS];
        for (int i = 0; i < CHUNK; i++) {
            free[i * Row.LONGS + Row.WHERE] = i + 1 < CHUNK ? i + 1 : NONE;
        }
        rows[number] = free;
        chunks[number] = new Chunk();
        chunksWithRoom.set(number);
    }

    /** Of the key of {@code unit}, which must not be forgotten. */
    long hash(int unit) {
        long[] found = rows[unit >>> CHUNK_BITS];
        int at = at(unit);
        long where = found[at + Row.WHERE];
        int state = (int) found[at + Row.STATE];
        int inChunk = unit & (CHUNK - 1);
        boolean hasUpper = (state & Row.UPPER) != 0;
        long high = hasUpper ? chunk(unit >>> CHUNK_BITS).high(inChunk) : 0;
        long upper = hasUpper ? chunk(unit >>> CHUNK_BITS).upper(inChunk) : IPV4_UPPER;
        return hash(
                high, upper << Integer.SIZE | (where & LOW_HALF), state & Row.REMOTE, (int) (where >>> Integer.SIZE));
    }

    private static long hash(UnitKey key) {
        return hash(key.remoteHigh(), key.remoteLow(), key.remote(), key.region());
    }

    private static long hash(long high, long low, int remote, int region) {
        long mixed = (high * 0x9e37_79b9_7f4a_7c15L ^ low) * 0xbf58_476d_1ce4_e5b9L;
        mixed ^= mixed >>> 32;
        mixed = (mixed ^ (long) remote << 32 ^ region) * 0x94d0_49bb_1331_11ebL;
        mixed ^= mixed >>> 29;
        return mixed * 0x9e37_79b9_7f4a_7c15L;
    }

    /** What the units of a chunk have besides their rows. */
    private static final class Chunk {
        private long[] highs = {};
        private int[] uppers = NONE_YET;
        private int[] pins = NONE_YET;
        int firstFree;
        int alive;

        long bytes() {
            return 40 + 8L * highs.length + 4L * uppers.length + 4L * pins.length;
        }

        long high(int row) {
            return highs.length == 0 ? 0 : highs[row];
        }

        /** Bits 32 to 63 of the remote address. */
        int upper(int row) {
            return uppers.length == 0 ? IPV4_UPPER : uppers[row];
        }

        void setUpper(int row, long high, int upper) {
            if (highs.length == 0 && high != 0) {
                highs = new long[CHUNK];
            }
            if (highs.length > 0) {
                highs[row] = high;
            }
            if (uppers.length == 0 && upper != IPV4_UPPER) {
                uppers = new int[CHUNK];
                Arrays.fill(uppers, IPV4_UPPER);
            }
            if (uppers.length > 0) {
                uppers[row] = upper;
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
    }
}
