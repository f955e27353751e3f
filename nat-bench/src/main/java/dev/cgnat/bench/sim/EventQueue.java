package dev.cgnat.bench.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen, by its time; first in, first out among what has the same.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) for each event in the number of events, of which each is moved about three
 * times; 24 bytes each.
 */
/*
 * A radix heap [1] with digits of eight bits: an event stands in the bucket of the highest digit in which its time differs from
 * a time that is not after any event. When the nearest bucket is reached it is dealt out to buckets of lower digits, which keeps
 * the order of what is equal, as all events of one time always stand in the same bucket. A bucket of few events is sorted
 * instead ("ready"), since further dealing would only make buckets of one or two. All reading and writing is sequential, where a
 * binary heap of a million events would jump about in memory twenty times for each.
 *
 * [1] R. Ahuja, K. Mehlhorn, J. Orlin, R. Tarjan, Faster algorithms for the shortest path problem, 1990.
 */
final class EventQueue {
    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;
    private static final int LEVELS = Long.SIZE / DIGIT_BITS;
    private static final int PLACE_BITS = 9;
    /** Events of a bucket up to which it is sorted, and beyond which what is ready is dealt out to buckets again. */
    private static final int FEW = 1 << PLACE_BITS;

    private final @Nullable Chunk[][] buckets = new @Nullable Chunk[LEVELS][DIGITS];
    /** A bit for each bucket that is not empty. */
    private final long[][] filled = new long[LEVELS][DIGITS / Long.SIZE];

    private @Nullable Chunk spare;

    private long[] times = new long[FEW];
    private long[] tags = new long[FEW];
    private @Nullable Object[] whats = new @Nullable Object[FEW];
    private int head;
    private int tail;
    /** Ready is all that is before it. */
    private long readyEnd;
    /** Not after any event in a bucket; by it their buckets were chosen. */
    private long base;

    /** To sort by: the times of a bucket's events since {@link #base}, and their places in its chunks. */
    private final long[] keys = new long[FEW];

    private final Chunk[] sources = new Chunk[FEW / Chunk.SIZE];

    private long now;
    private int size;
    private long tag;
    private @Nullable Object what;

    int size() {
        return size;
    }

    /**
     * Adds an event.
     *
     * @param at not before the last {@link #next}
     */
    void add(long at, long eventTag, @Nullable Object eventWhat) {
        if (at < now) {
            throw new IllegalArgumentException("at: " + at + " (expected: at least " + now + ")");
        }
        size++;
        if (at >= readyEnd) {
            addToBucket(at, eventTag, eventWhat);
            return;
        }
        if (tail - head >= FEW && readyEnd - base > 1) {
            dealOutReady();
            addToBucket(at, eventTag, eventWhat);
            return;
        }
        insertReady(at, eventTag, eventWhat);
    }

    /**
     * Takes the next event, if it is not after {@code limit}: {@link #nowNanos}, {@link #tag} and {@link #what} are its. False
     * if there is none; the time is then {@code limit}.
     */
    boolean next(long limit) {
        while (head == tail) {
            if (!refill(limit)) {
                now = Math.max(now, limit);
                return false;
            }
        }
        if (times[head] > limit) {
            now = Math.max(now, limit);
            return false;
        }
        now = times[head];
        tag = tags[head];
        what = whats[head];
        whats[head] = null;
        head++;
        size--;
        return true;
    }

    /** The time of the event that was taken last, or how far it was looked for. */
    long nowNanos() {
        return now;
    }

    long tag() {
        return tag;
    }

    @Nullable
    Object what() {
        return what;
    }

    /**
     * What belongs to the event that comes {@code places} after the next one.
     *
     * @return absent if nothing belongs to it, or if it was not looked for yet
     */
    @Nullable
    Object ahead(int places) {
        return places < tail - head ? whats[head + places] : null;
    }

    /** Makes the nearest bucket ready if it begins by {@code limit}; false if none does. */
    private boolean refill(long limit) {
        head = 0;
        tail = 0;
        for (int level = 0; level < LEVELS; level++) {
            int digit = firstFilled(filled[level]);
            if (digit < 0) {
                continue;
            }
            int shift = level * DIGIT_BITS;
            long above = shift + DIGIT_BITS >= Long.SIZE ? 0 : base >>> (shift + DIGIT_BITS) << (shift + DIGIT_BITS);
            long start = above | ((long) digit << shift);
            if (start > limit) {
                return false;
            }
            Chunk bucket = takeBucket(level, digit);
            base = start;
            if (level == 0 || (bucket.events() <= FEW && shift <= Long.SIZE - DIGIT_BITS - PLACE_BITS)) {
                readyEnd = start + (1L << shift);
                if (level == 0) {
                    makeReady(bucket);
                } else {
                    makeReadySorted(bucket);
                }
                return true;
            }
            readyEnd = start;
            dealOut(bucket);
            level = -1; // the nearest bucket is one of those just filled
        }
        return false;
    }

    private static int firstFilled(long[] bits) {
        for (int i = 0; i < bits.length; i++) {
            if (bits[i] != 0) {
                return i * Long.SIZE + Long.numberOfTrailingZeros(bits[i]);
            }
        }
        return -1;
    }

    /** The chunks of a bucket, the first filled one in front. */
    private Chunk takeBucket(int level, int digit) {
        Chunk chunk = buckets[level][digit];
        buckets[level][digit] = null;
        filled[level][digit >>> 6] &= ~(1L << digit);
        if (chunk == null) {
            throw new IllegalStateException("digit: " + digit + " (expected: a bucket with events)");
        }
        return chunk;
    }

    /** All events of a bucket of one moment, in the order in which they came. */
    private void makeReady(Chunk last) {
        tail = last.events();
        ensureReady(tail);
        int end = tail;
        for (Chunk chunk = last; chunk != null; chunk = recycle(chunk)) {
            end -= chunk.count;
            System.arraycopy(chunk.times, 0, times, end, chunk.count);
            System.arraycopy(chunk.tags, 0, tags, end, chunk.count);
            System.arraycopy(chunk.whats, 0, whats, end, chunk.count);
        }
    }

    /** All events of a bucket of few, by their times; what is equal keeps its order, as its place ends its key. */
    private void makeReadySorted(Chunk last) {
        tail = last.events();
        ensureReady(tail);
        for (Chunk chunk = last; chunk != null; chunk = chunk.earlier) {
            sources[chunk.before / Chunk.SIZE] = chunk;
            for (int i = 0; i < chunk.count; i++) {
                keys[chunk.before + i] = ((chunk.times[i] - base) << PLACE_BITS) | (chunk.before + i);
            }
        }
        Arrays.sort(keys, 0, tail);
        for (int i = 0; i < tail; i++) {
            int place = (int) keys[i] & (FEW - 1);
            Chunk source = sources[place / Chunk.SIZE];
            times[i] = base + (keys[i] >>> PLACE_BITS);
            tags[i] = source.tags[place % Chunk.SIZE];
            whats[i] = source.whats[place % Chunk.SIZE];
        }
        for (Chunk chunk = last; chunk != null; ) {
            chunk = recycle(chunk);
        }
    }

    private void insertReady(long at, long eventTag, @Nullable Object eventWhat) {
        if (tail == times.length && head > 0) {
            moveReady(times, tags, whats);
        }
        ensureReady(tail + 1);
        int to = placeOf(at);
        System.arraycopy(times, to, times, to + 1, tail - to);
        System.arraycopy(tags, to, tags, to + 1, tail - to);
        System.arraycopy(whats, to, whats, to + 1, tail - to);
        times[to] = at;
        tags[to] = eventTag;
        whats[to] = eventWhat;
        tail++;
    }

    /** Behind all that are ready and not after {@code at}. */
    private int placeOf(long at) {
        int low = head;
        int high = tail;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void moveReady(long[] toTimes, long[] toTags, @Nullable Object[] toWhats) {
        System.arraycopy(times, head, toTimes, 0, tail - head);
        System.arraycopy(tags, head, toTags, 0, tail - head);
        System.arraycopy(whats, head, toWhats, 0, tail - head);
        tail -= head;
        head = 0;
    }

    private void ensureReady(int count) {
        if (count > times.length) {
            int length = Math.max(count, 2 * times.length);
            times = Arrays.copyOf(times, length);
            tags = Arrays.copyOf(tags, length);
            whats = Arrays.copyOf(whats, length);
        }
    }

    /** The window of ready events turned out to be crowded: what is left of it goes to buckets by lower digits. */
    private void dealOutReady() {
        base = now;
        readyEnd = now;
        for (int i = head; i < tail; i++) {
            addToBucket(times[i], tags[i], whats[i]);
            whats[i] = null;
        }
        head = 0;
        tail = 0;
    }

    private void dealOut(Chunk last) {
        Chunk first = null; // the chunks turned round, so that the oldest events go first
        for (Chunk chunk = last; chunk != null; ) {
            Chunk earlier = chunk.earlier;
            chunk.earlier = first;
            first = chunk;
            chunk = earlier;
        }
        for (Chunk chunk = first; chunk != null; ) {
            for (int i = 0; i < chunk.count; i++) {
                addToBucket(chunk.times[i], chunk.tags[i], chunk.whats[i]);
            }
            chunk = recycle(chunk);
        }
    }

    private void addToBucket(long at, long eventTag, @Nullable Object eventWhat) {
        int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros((at ^ base) | 1)) / DIGIT_BITS;
        int digit = (int) (at >>> (level * DIGIT_BITS)) & (DIGITS - 1);
        Chunk chunk = buckets[level][digit];
        if (chunk == null || chunk.count == Chunk.SIZE) {
            Chunk fresh = spare == null ? new Chunk() : spare;
            spare = fresh.earlier;
            fresh.earlier = chunk;
            fresh.before = chunk == null ? 0 : chunk.before + Chunk.SIZE;
            buckets[level][digit] = fresh;
            filled[level][digit >>> 6] |= 1L << digit;
            chunk = fresh;
        }
        chunk.times[chunk.count] = at;
        chunk.tags[chunk.count] = eventTag;
        chunk.whats[chunk.count] = eventWhat;
        chunk.count++;
    }

    /** Takes the chunk back; returns the one that was linked to it. */
    private @Nullable Chunk recycle(Chunk chunk) {
        Chunk linked = chunk.earlier;
        Arrays.fill(chunk.whats, 0, chunk.count, null);
        chunk.count = 0;
        chunk.earlier = spare;
        spare = chunk;
        return linked;
    }

    /** Events of one bucket in the order in which they came. */
    private static final class Chunk {
        static final int SIZE = 64;

        private final long[] times = new long[SIZE];
        private final long[] tags = new long[SIZE];
        private final @Nullable Object[] whats = new @Nullable Object[SIZE];
        private int count;
        private @Nullable Chunk earlier;
        /** Events of the chunks before it. */
        private int before;

        int events() {
            return before + count;
        }
    }
}
