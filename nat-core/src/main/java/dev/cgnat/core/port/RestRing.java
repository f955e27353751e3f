package dev.cgnat.core.port;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resting slots that rest equally long, first in, first out: those of one dense unit, or those of all sparse units.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); 7 bytes per slot of one unit, 11 of several, 2 more where slots are
 * beyond 65,535. Chunks hold an eighth of the ring, {@value #MIN_CHUNK} to {@value #MAX_CHUNK} slots, so both ends together
 * waste little.
 */
/*
 *   head ──► [ owner slot unit delta ]… ──► chunk ──► … ──► chunk ◄── tail
 *
 * Ticks do not decrease from one entry to the next, so an entry needs only how many ticks it is after the one before: a byte,
 * or 255 and a number in an array of its own. Who reads the ring therefore walks it, see Cursor.
 */
final class RestRing implements Comparable<RestRing> {
    private static final int MIN_CHUNK = 16;
    private static final int MAX_CHUNK = 1_024;
    private static final int ESCAPE = 255;
    private static final int CHAR_BITS = 16;

    /** The unit whose slots these are, negative if each entry names its own. */
    final int unit;

    /** The bitmap of that unit. */
    final @Nullable SlotTree tree;

    private final int serial;
    private final Cursor head = new Cursor();
    private @Nullable Chunk tail;
    private @Nullable Chunk spare;
    private long lastTick;
    private int size;

    /** @param serial breaks ties between rings whose heads end at the same tick: the lower goes first */
    RestRing(int unit, @Nullable SlotTree tree, int serial) {
        this.unit = unit;
        this.tree = tree;
        this.serial = serial;
    }

    int size() {
        return size;
    }

    /** How many entries have been added so far. */
    long added() {
        return head.sequence + size;
    }

    /** When the first rest ends; the ring must not be empty. */
    long headTick() {
        return head.tick;
    }

    int headUnit() {
        return unit < 0 ? head.unit() : unit;
    }

    int headSlot() {
        Chunk chunk = head.chunk();
        return chunk.slot(head.index);
    }

    int headOwner() {
        return head.chunk().owners[head.index];
    }

    /** @param tick not before that of the entry added last */
    void add(int entryUnit, int slot, int owner, long tick) {
        if (size > 0 && tick < lastTick) {
            throw new IllegalArgumentException("tick: " + tick + " (expected: at least " + lastTick + ")");
        }
        Chunk last = tail;
        if (last == null || last.count == last.owners.length) {
            last = append(last);
        }
        last.put(unit < 0, entryUnit, slot, owner, size == 0 ? 0 : tick - lastTick);
        lastTick = tick;
        if (size++ == 0) {
            head.chunk = last;
            head.index = last.count - 1;
            head.escape = last.escapes;
            head.tick = tick;
        }
    }

    /** Whether the second rest ends when the first does; the ring must have two. */
    boolean isNextAtOnce() {
        Chunk chunk = head.chunk();
        Chunk next = chunk.next;
        boolean isLast = head.index + 1 == chunk.count;
        return isLast ? next != null && next.deltas[0] == 0 : chunk.deltas[head.index + 1] == 0;
    }

    void removeFirst() {
        Chunk chunk = head.chunk();
        size--;
        if (size == 0) {
            head.sequence++;
            head.chunk = null;
            chunk.clear(); // the tail, for the next entry
            if (chunk.owners.length > MIN_CHUNK) {
                tail = null;
                spare = null;
            }
            return;
        }
        head.advance();
        if (head.chunk != chunk) {
            chunk.next = null;
            spare = chunk;
        }
    }

    private Chunk append(@Nullable Chunk last) {
        int room = Math.max(MIN_CHUNK, Math.min(MAX_CHUNK, Integer.highestOneBit(size / 8 + 1)));
        Chunk chunk = spare;
        spare = null;
        if (chunk == null || chunk.owners.length != room) {
            chunk = new Chunk(room, unit < 0);
        }
        chunk.clear();
        if (last != null) {
            last.next = chunk;
        }
        tail = chunk;
        return chunk;
    }

    /** Heap taken, in bytes, if an object header takes 16 and a reference 4. */
    long bytes() {
        long sum = 88 + (spare == null ? 0 : spare.bytes());
        for (Chunk chunk = head.chunk == null ? tail : head.chunk; chunk != null; chunk = chunk.next) {
            sum += chunk.bytes();
        }
        return sum;
    }

    /**
     * When the first rest of {@code wanted} ends, of the entries from {@code cursor} on that were added before number
     * {@code bound}; {@link Long#MAX_VALUE} if there is none. The cursor stays there.
     */
    long findFrom(Cursor cursor, int wanted, long bound) {
        if (cursor.sequence < head.sequence || cursor.chunk == null) {
            cursor.copy(head);
        }
        long end = Math.min(bound, added());
        while (cursor.sequence < end) {
            if (cursor.unit() == wanted) {
                return cursor.tick;
            }
            if (cursor.sequence + 1 == end) {
                cursor.sequence = end;
                return Long.MAX_VALUE;
            }
            cursor.advance();
        }
        return Long.MAX_VALUE;
    }

    /** By the end of the first rest; a ring that waits in a queue must keep its head. */
    @Override
    public int compareTo(RestRing other) {
        int byTick = Long.compare(head.tick, other.head.tick);
        return byTick != 0 ? byTick : Integer.compare(serial, other.serial);
    }

    /** An entry of the ring, with its tick. */
    static final class Cursor {
        private @Nullable Chunk chunk;
        private int index;
        private int escape;
        private long tick;
        private long sequence;

        private Chunk chunk() {
            Chunk found = chunk;
            if (found == null) {
                throw new IllegalStateException("size: 0 (expected: at least 1)");
            }
            return found;
        }

        private int unit() {
            return chunk().units[index];
        }

        private void copy(Cursor other) {
            chunk = other.chunk;
            index = other.index;
            escape = other.escape;
            tick = other.tick;
            sequence = other.sequence;
        }

        /** To the next entry, which must exist. */
        private void advance() {
            Chunk current = chunk();
            sequence++;
            if (++index == current.count) {
                chunk = current.next;
                current = chunk();
                index = 0;
                escape = 0;
            }
            int delta = current.deltas[index] & 0xff;
            tick += delta == ESCAPE ? current.longDeltas[escape++] : delta;
        }
    }

    private static final class Chunk {
        private static final long[] NONE = {};

        private final int[] owners;
        private final int[] units;
        private final char[] slots;
        private final byte[] deltas;
        private char[] slotsUpper = {};
        private long[] longDeltas = NONE;
        int escapes;
        int count;

        @Nullable
        Chunk next;

        Chunk(int room, boolean withUnits) {
            owners = new int[room];
            units = new int[withUnits ? room : 0];
            slots = new char[room];
            deltas = new byte[room];
        }

        void clear() {
            count = 0;
            escapes = 0;
        }

        int slot(int index) {
            return slots[index] | (slotsUpper.length == 0 ? 0 : slotsUpper[index] << CHAR_BITS);
        }

        void put(boolean withUnit, int unit, int slot, int owner, long delta) {
            owners[count] = owner;
            if (withUnit) {
                units[count] = unit;
            }
            slots[count] = (char) slot;
            if (slotsUpper.length == 0 && slot >>> CHAR_BITS != 0) {
                slotsUpper = new char[slots.length];
            }
            if (slotsUpper.length > 0) {
                slotsUpper[count] = (char) (slot >>> CHAR_BITS);
            }
            if (delta < ESCAPE) {
                deltas[count] = (byte) delta;
            } else {
                deltas[count] = (byte) ESCAPE;
                if (escapes == longDeltas.length) {
                    longDeltas = Arrays.copyOf(longDeltas, Math.max(4, escapes + escapes / 2));
                }
                longDeltas[escapes++] = delta;
            }
            count++;
        }

        long bytes() {
            long entries = owners.length * 7L + units.length * 4L + slotsUpper.length * 2L + longDeltas.length * 8L;
            return 48 + 4 * 16 + entries;
        }
    }
}
