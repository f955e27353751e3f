package dev.cgnat.core.port;

import java.util.Arrays;

/**
 * The numbers of the units of a {@link UnitTable} by hash of their keys.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a look-up reads one bucket, seldom two; 6 to 8 bytes per unit, 7 on average. At most
 * {@value #MAX_ENTRIES} entries are copied at once when a part grows, shrinks, splits or joins, and the rows of their units are read.
 */
/*
 * Extendible hashing [1] over segments of buckets of five longs:
 *
 *   leading bits of hash ─► directory ─► segment: [own depth : entries : buckets] bucket bucket bucket …
 *   last 32 bits · buckets ────────────────────────────────────────────────────► home
 *
 *   bucket:   8 tags of a byte, 0 = no entry │ 8 numbers of 32 bits
 *
 * A tag is eight other bits of the hash. All eight are compared at once [2], so that a look-up branches on whether one was found and
 * not on where. The number then leads to the key, which decides.
 *
 * An entry that finds its bucket full stands in the next one that is not, going round at the end. A search ends at a bucket that is not
 * full. Therefore a removal from a full bucket looks in the buckets after it for an entry that could stand in its place, until
 * it comes to one that was not full.
 *
 * The hash of an entry is not kept but found again through its row, as a part is seldom copied.
 *
 * [1] R. Fagin et al., Extendible hashing, ACM TODS 4(3), 1979.
 * [2] D. E. Knuth, The Art of Computer Programming 4A, section 7.1.3.
 */
final class UnitIndex {
    static final int NONE = -1;

    static final int MAX_ENTRIES = 2_048;

    private static final int JOIN_BELOW = 1_024;
    private static final int MIN_BUCKETS = 4;
    /** Beyond it a segment grows instead of being split: its entries have equal hashes on purpose. */
    private static final int MAX_DEPTH = 20;

    private static final int PLACES = 8;
    private static final int FIRST = 1;
    private static final int BUCKET = 5;

    private static final int BUCKETS_MASK = (1 << 24) - 1;
    private static final int COUNT_SHIFT = 24;
    private static final long ONE = 1L << COUNT_SHIFT;
    private static final int DEPTH_SHIFT = 56;
    private static final int TAG_SHIFT = 32;
    private static final int TAG_MASK = 0xff;
    private static final long LOW_HALF = 0xffff_ffffL;

    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;

    private final UnitTable units;
    private long[][] directory = {create(MIN_BUCKETS, 0)};
    private int depth;
    private int size;
    private long bytes = bytesOf(directory[0]);

    UnitIndex(UnitTable units) {
        this.units = units;
    }

    int size() {
        return size;
    }

    /** Heap taken, in bytes, if an object header takes 16. */
    long bytes() {
        return bytes + 16 + 4L * directory.length;
    }

    /** The unit of {@code key}, whose hash is {@code hash}, or {@link #NONE}. */
    int find(long hash, UnitKey key) {
        long[] segment = directory[indexOf(hash)];
        int at = home(hash, segment);
        long equal = equal(segment[at], hash);
        if (equal != 0) {
            int unit = number(segment, at, Long.numberOfTrailingZeros(equal));
            if (units.matches(unit, key)) {
                return unit;
            }
        }
        return search(segment, at, hash, key);
    }

    private int search(long[] segment, int home, long hash, UnitKey key) {
        int at = home;
        do {
            long tags = segment[at];
            for (int place = 0; place < PLACES; place++) {
                if (tag(tags, place) == tag(hash) && units.matches(number(segment, at, topBit(place)), key)) {
                    return number(segment, at, topBit(place));
                }
            }
            if (!isFull(tags)) {
                return NONE;
            }
            at = after(segment, at);
        } while (at != home);
        return NONE;
    }

    /** Adds a unit that is not there. */
    void add(long hash, int unit) {
        long[] segment = directory[indexOf(hash)];
        if (count(segment) + 1 > maxCount(buckets(segment))) {
            segment = grow(segment, hash);
        }
        insert(segment, hash, unit);
        size++;
    }

    /** Removes a unit that is there; its row must tell its key still, and so must those of all others. */
    void remove(long hash, int unit) {
        int index = indexOf(hash);
        long[] segment = directory[index];
        int at = home(hash, segment);
        int place = placeOf(segment, at, hash, unit);
        while (place < 0) {
            at = after(segment, at);
            place = placeOf(segment, at, hash, unit);
        }
        free(segment, at, place);
        segment[0] -= ONE;
        size--;
        int count = count(segment);
        if (buckets(segment) > MIN_BUCKETS && count < minCount(buckets(segment))) {
            shrink(index, segment, count);
        }
    }

    /** Empties a place, or fills it with an entry that had no place in a bucket before its own. */
    private void free(long[] segment, int bucket, int inBucket) {
        int holeAt = bucket;
        int hole = inBucket;
        boolean wasFull = isFull(segment[holeAt]);
        segment[holeAt] &= ~((long) TAG_MASK << (hole * PLACES));
        int at = holeAt;
        while (wasFull) {
            at = after(segment, at);
            if (at == bucket) {
                return;
            }
            wasFull = isFull(segment[at]);
            for (int place = 0; place < PLACES; place++) {
                if (tag(segment[at], place) != 0 && isDisplaced(segment, at, place, holeAt)) {
                    set(segment, holeAt, hole, tag(segment[at], place), number(segment, at, topBit(place)));
                    segment[at] &= ~((long) TAG_MASK << (place * PLACES));
                    holeAt = at;
                    hole = place;
                    break;
                }
            }
        }
    }

    /** Whether a search for that entry comes by bucket {@code before} on its way. */
    private boolean isDisplaced(long[] segment, int at, int place, int before) {
        int home = home(units.hash(number(segment, at, topBit(place))), segment);
        return before < at ? home <= before || home > at : home <= before && home > at;
    }

    private int indexOf(long hash) {
        return (int) (hash >>> 1 >>> (Long.SIZE - 1 - depth));
    }

    /** Where the bucket stands in which a search for {@code hash} begins. */
    private static int home(long hash, long[] segment) {
        return FIRST + (int) (((hash & LOW_HALF) * buckets(segment)) >>> Integer.SIZE) * BUCKET;
    }

    private static int after(long[] segment, int at) {
        return at + BUCKET == segment.length ? FIRST : at + BUCKET;
    }

    /** The top bit of each tag that is the one of {@code hash}, and perhaps of tags above such a one. */
    private static long equal(long tags, long hash) {
        long difference = tags ^ tag(hash) * EACH;
        return (difference - EACH) & ~difference & TOPS;
    }

    private static boolean isFull(long tags) {
        return ((tags - EACH) & ~tags & TOPS) == 0;
    }

    /** 1 to 255. */
    private static long tag(long hash) {
        long bits = hash >>> TAG_SHIFT & TAG_MASK;
        return bits - ((bits - 1) >> (Long.SIZE - 1)); // 0 would be no entry
    }

    private static long tag(long tags, int place) {
        return tags >>> (place * PLACES) & TAG_MASK;
    }

    private static int topBit(int place) {
        return place * PLACES + PLACES - 1;
    }

    /** The number whose tag has its top bit at {@code topBit}. */
    private static int number(long[] segment, int at, int topBit) {
        return (int) (segment[at + 1 + (topBit >>> 4)] >>> ((topBit & PLACES) << 2));
    }

    private static void set(long[] segment, int at, int place, long tag, int unit) {
        segment[at] |= tag << (place * PLACES);
        int in = at + 1 + (place >> 1);
        int shift = (place & 1) * Integer.SIZE;
        segment[in] = (segment[in] & ~(LOW_HALF << shift)) | ((long) unit << shift);
    }

    private static int placeOf(long[] segment, int at, long hash, int unit) {
        for (int place = 0; place < PLACES; place++) {
            if (tag(segment[at], place) == tag(hash) && number(segment, at, topBit(place)) == unit) {
                return place;
            }
        }
        return NONE;
    }

    private static void insert(long[] segment, long hash, int unit) {
        int at = home(hash, segment);
        while (isFull(segment[at])) {
            at = after(segment, at);
        }
        int place = 0;
        while (tag(segment[at], place) != 0) {
            place++;
        }
        set(segment, at, place, tag(hash), unit);
        segment[0] += ONE;
    }

    private static int buckets(long[] segment) {
        return (int) segment[0] & BUCKETS_MASK;
    }

    private static int count(long[] segment) {
        return (int) (segment[0] >>> COUNT_SHIFT);
    }

    private static int ownDepth(long[] segment) {
        return (int) (segment[0] >>> DEPTH_SHIFT);
    }

    private static int maxCount(int buckets) {
        return (int) (buckets * (0.8 * PLACES));
    }

    private static int minCount(int buckets) {
        return (int) (buckets * (0.5 * PLACES));
    }

    private static int bucketsFor(int count) {
        return Math.max(MIN_BUCKETS, (int) (count / (0.65 * PLACES)) + 1);
    }

    private static long[] create(int buckets, int ownDepth) {
        long[] segment = new long[FIRST + buckets * BUCKET];
        segment[0] = (long) ownDepth << DEPTH_SHIFT | buckets;
        return segment;
    }

    private static long bytesOf(long[] segment) {
        return 16 + 8L * segment.length;
    }

    /** Makes room in the segment of {@code hash}, and returns what is its segment then. */
    private long[] grow(long[] segment, long hash) {
        int count = count(segment);
        int own = ownDepth(segment);
        if (count < MAX_ENTRIES || own == MAX_DEPTH) {
            return replace(indexOf(hash), segment, create(bucketsFor(count + 1), own));
        }
        if (own == depth) {
            widen();
        }
        int span = 1 << (depth - own);
        int from = indexOf(hash) & -span;
        int inUpper = countUpper(segment, own);
        long[] lower = create(bucketsFor(count - inUpper + 1), own + 1);
        long[] upper = create(bucketsFor(inUpper + 1), own + 1);
        Arrays.fill(directory, from, from + span / 2, lower);
        Arrays.fill(directory, from + span / 2, from + span, upper);
        bytes += bytesOf(lower) + bytesOf(upper) - bytesOf(segment);
        copyAll(segment);
        return directory[indexOf(hash)];
    }

    /** Entries whose hashes have a one after {@code own} leading bits. */
    private int countUpper(long[] segment, int own) {
        int count = 0;
        for (int at = FIRST; at < segment.length; at += BUCKET) {
            for (int place = 0; place < PLACES; place++) {
                if (tag(segment[at], place) != 0) {
                    count += (int) (units.hash(number(segment, at, topBit(place))) << own >>> (Long.SIZE - 1));
                }
            }
        }
        return count;
    }

    private void shrink(int index, long[] segment, int count) {
        int own = ownDepth(segment);
        if (own > 0) {
            int span = 1 << (depth - own);
            long[] buddy = directory[(index & -span) ^ span];
            if (ownDepth(buddy) == own && count + count(buddy) < JOIN_BELOW) {
                long[] joined = create(bucketsFor(count + count(buddy)), own - 1);
                int from = index & -(2 * span);
                Arrays.fill(directory, from, from + 2 * span, joined);
                bytes += bytesOf(joined) - bytesOf(segment) - bytesOf(buddy);
                copyAll(segment);
                copyAll(buddy);
                narrow();
                return;
            }
        }
        replace(index, segment, create(bucketsFor(count), own));
    }

    private long[] replace(int index, long[] before, long[] after) {
        int span = 1 << (depth - ownDepth(after));
        int from = index & -span;
        Arrays.fill(directory, from, from + span, after);
        bytes += bytesOf(after) - bytesOf(before);
        copyAll(before);
        return after;
    }

    /** To the segments that the directory names, which have room. */
    private void copyAll(long[] from) {
        for (int at = FIRST; at < from.length; at += BUCKET) {
            for (int place = 0; place < PLACES; place++) {
                if (tag(from[at], place) != 0) {
                    int unit = number(from, at, topBit(place));
                    long hash = units.hash(unit);
                    insert(directory[indexOf(hash)], hash, unit);
                }
            }
        }
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
