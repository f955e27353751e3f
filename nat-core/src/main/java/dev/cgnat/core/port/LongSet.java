package dev.cgnat.core.port;

import java.util.Arrays;

/**
 * A set of whole numbers from 0 to 2^63 - 2 whose leading bits are evenly spread.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a lookup reads one run of cache lines; an insertion or a removal moves some
 * twenty neighbours. At most {@value #MAX_ENTRIES} entries are copied at once when a part grows, shrinks, splits or joins.
 * 8 bytes per entry at a load of 0.81 to 0.89, so 9 to 10 bytes, while the set grows; down to 0.7 before it shrinks.
 */
/*
 * Extendible hashing [1] over segments that are each an open-addressing table with linear probing, kept in order [2]:
 *
 *   leading depth bits ──► directory ──► segment: [count, own depth] e e . e e e . e . … .
 *   next 32 bits · capacity ───────────────────────────────────────► home
 *
 * The entries of a segment ascend from left to right, with gaps. So a search can stop at the first entry that is not less,
 * and a gap, being the greatest number, stops it as well: how many of eight are less tells where to go on. An entry stands at its home or to the right of
 * it. Inserting moves those up to the next gap one place to the right; removing moves back those that are not at home, which
 * leaves no marker behind. A few places beyond the last home take what overflows there, which makes a wrap-around needless; if
 * they do not suffice, the segment grows early. A new capacity costs one pass, as the order stays.
 *
 * A segment that has become too large is split by the next bit of its entries, and joined with its neighbour when both have
 * become small. Thus nothing ever copies more than one segment, and memory follows the number of entries both ways.
 *
 * [1] R. Fagin et al., Extendible hashing, ACM TODS 4(3), 1979.
 * [2] O. Amble, D. E. Knuth, Ordered hash tables, The Computer Journal 17(2), 1974.
 */
final class LongSet {
    static final int MAX_ENTRIES = 8_192;

    /** A gap, greater than every entry. */
    static final long NONE = Long.MAX_VALUE;

    private static final int JOIN_BELOW = 3_072;
    private static final int MIN_CAPACITY = 32;
    private static final int OVERFLOW = 32;
    /** Places that are looked at at once; so many at the end of a segment stay gaps. */
    private static final int STRIDE = 8;

    private static final int FIRST = 1;

    private long[][] directory = {create(MIN_CAPACITY, 0)};
    private int depth;
    private int size;
    private long bytes = bytesOf(directory[0]);

    int size() {
        return size;
    }

    /** Heap taken, in bytes, if an object header takes 16. */
    long bytes() {
        return bytes + 16 + 4L * directory.length;
    }

    boolean contains(long entry) {
        long[] segment = directory[indexOf(entry)];
        return segment[find(segment, entry)] == entry;
    }

    /** Whether {@code entry} was absent; it is in the set now. */
    boolean add(long entry) {
        long[] segment = directory[indexOf(entry)];
        int at = find(segment, entry);
        if (segment[at] == entry) {
            return false;
        }
        size++;
        int gap = at;
        while (segment[gap] != NONE) {
            gap++;
        }
        int count = count(segment) + 1;
        if (gap >= segment.length - STRIDE || count > maxCount(capacity(segment))) {
            grow(segment, entry);
            return true;
        }
        System.arraycopy(segment, at, segment, at + 1, gap - at);
        segment[at] = entry;
        segment[0]++;
        return true;
    }

    /** Whether {@code entry} was in the set; it is absent now. */
    boolean remove(long entry) {
        int index = indexOf(entry);
        long[] segment = directory[index];
        int at = find(segment, entry);
        if (segment[at] != entry) {
            return false;
        }
        size--;
        int capacity = capacity(segment);
        int own = ownDepth(segment);
        int next = at + 1;
        while (segment[next] != NONE && home(segment[next], own, capacity) < next) {
            segment[next - 1] = segment[next];
            next++;
        }
        segment[next - 1] = NONE;
        segment[0]--;
        int count = count(segment);
        if (capacity > MIN_CAPACITY && count < minCount(capacity)) {
            shrink(index, segment, count);
        }
        return true;
    }

    private int indexOf(long entry) {
        return (int) (entry >>> (Long.SIZE - 1 - depth));
    }

    private static int find(long[] segment, long entry) {
        int at = home(entry, ownDepth(segment), capacity(segment));
        int less = less(segment, at, entry);
        while (less == STRIDE) {
            at += STRIDE;
            less = less(segment, at, entry);
        }
        return at + less;
    }

    /** How many of the next entries are less: signs of differences, as a branch for each would be mispredicted. */
    private static int less(long[] segment, int at, long entry) {
        return (int) (((segment[at] - entry) >>> 63)
                + ((segment[at + 1] - entry) >>> 63)
                + ((segment[at + 2] - entry) >>> 63)
                + ((segment[at + 3] - entry) >>> 63)
                + ((segment[at + 4] - entry) >>> 63)
                + ((segment[at + 5] - entry) >>> 63)
                + ((segment[at + 6] - entry) >>> 63)
                + ((segment[at + 7] - entry) >>> 63));
    }

    private static int home(long entry, int ownDepth, int capacity) {
        long leading = (entry << (1 + ownDepth)) >>> 32;
        return FIRST + (int) ((leading * capacity) >>> 32);
    }

    private static int count(long[] segment) {
        return (int) segment[0];
    }

    private static int ownDepth(long[] segment) {
        return (int) (segment[0] >>> 32);
    }

    private static int capacity(long[] segment) {
        return segment.length - FIRST - OVERFLOW;
    }

    private static int maxCount(int capacity) {
        return (int) (capacity * 0.89);
    }

    private static int minCount(int capacity) {
        return (int) (capacity * 0.7);
    }

    /** Room for {@code count} entries and a tenth more. */
    private static int capacityFor(int count) {
        return Math.max(MIN_CAPACITY, (int) (count / 0.81));
    }

    private static long[] create(int capacity, int ownDepth) {
        long[] segment = new long[FIRST + capacity + OVERFLOW];
        Arrays.fill(segment, NONE);
        segment[0] = (long) ownDepth << 32;
        return segment;
    }

    private static long bytesOf(long[] segment) {
        return 16 + 8L * segment.length;
    }

    /** Adds {@code entry} to a segment that has no room for it. */
    private void grow(long[] segment, long entry) {
        int count = count(segment);
        long[] entries = new long[count + 1];
        int filled = 0;
        boolean placed = false;
        for (int at = FIRST; at < segment.length; at++) {
            if (segment[at] != NONE) {
                if (!placed && segment[at] > entry) {
                    entries[filled++] = entry;
                    placed = true;
                }
                entries[filled++] = segment[at];
            }
        }
        if (!placed) {
            entries[filled] = entry;
        }
        int own = ownDepth(segment);
        if (count < MAX_ENTRIES) {
            int index = indexOf(entry);
            replace(index, segment, build(entries, 0, entries.length, own));
            return;
        }
        if (own == depth) {
            widen();
        }
        int index = indexOf(entry);
        long split = 1L << (Long.SIZE - 2 - own);
        int first = 0;
        while (first < entries.length && (entries[first] & split) == 0) {
            first++;
        }
        int span = 1 << (depth - own);
        int from = index & -span;
        replace(from, segment, build(entries, 0, first, own + 1));
        long[] upper = build(entries, first, entries.length, own + 1);
        bytes += bytesOf(upper);
        Arrays.fill(directory, from + span / 2, from + span, upper);
    }

    private void shrink(int index, long[] segment, int count) {
        int own = ownDepth(segment);
        if (own > 0) {
            int span = 1 << (depth - own);
            long[] buddy = directory[(index & -span) ^ span];
            if (ownDepth(buddy) == own && count + count(buddy) < JOIN_BELOW) {
                join(index & -(2 * span), span, own);
                return;
            }
        }
        replace(index, segment, build(entries(segment), 0, count, own));
    }

    private void join(int from, int span, int own) {
        long[] lower = directory[from];
        long[] upper = directory[from + span];
        long[] entries = Arrays.copyOf(entries(lower), count(lower) + count(upper));
        System.arraycopy(entries(upper), 0, entries, count(lower), count(upper));
        bytes -= bytesOf(upper);
        Arrays.fill(directory, from + span, from + 2 * span, lower);
        replace(from, lower, build(entries, 0, entries.length, own - 1));
        if (own == depth) {
            narrow();
        }
    }

    private static long[] entries(long[] segment) {
        long[] entries = new long[count(segment)];
        int filled = 0;
        for (int at = FIRST; at < segment.length; at++) {
            if (segment[at] != NONE) {
                entries[filled++] = segment[at];
            }
        }
        return entries;
    }

    /** A segment of its own depth {@code own} with the entries from {@code from} on; they ascend. */
    private static long[] build(long[] entries, int from, int to, int own) {
        for (int capacity = capacityFor(to - from); ; capacity += capacity / 8) {
            long[] segment = create(capacity, own);
            int free = FIRST;
            int next = from;
            while (next < to) {
                int at = Math.max(free, home(entries[next], own, capacity));
                if (at >= segment.length - STRIDE) {
                    break; // the last places stay gaps, at which every search ends
                }
                segment[at] = entries[next++];
                free = at + 1;
            }
            if (next == to) {
                segment[0] += to - from;
                return segment;
            }
        }
    }

    private void replace(int index, long[] before, long[] after) {
        int span = 1 << (depth - ownDepth(after));
        int from = index & -span;
        Arrays.fill(directory, from, from + span, after);
        bytes += bytesOf(after) - bytesOf(before);
    }

    private void widen() {
        long[][] wider = new long[2 * directory.length][];
        for (int i = 0; i < wider.length; i++) {
            wider[i] = directory[i >>> 1];
        }
        directory = wider;
        depth++;
    }

    /** Halves the directory while no segment needs all of its bits. */
    private void narrow() {
        while (depth > 0 && Arrays.stream(directory).allMatch(segment -> ownDepth(segment) < depth)) {
            long[][] narrower = new long[directory.length / 2][];
            for (int i = 0; i < narrower.length; i++) {
                narrower[i] = directory[2 * i];
            }
            directory = narrower;
            depth--;
        }
    }
}
