package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * How many external (address, port) pairs of one protocol are in use, resting, reserved or free, over all units of a pool.
 *
 * <p>One pair carries a flow for each destination, so it is counted once by its liveliest use: in use if a flow lives on
 * it, else held if one rests on it, else reserved if it is set aside.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a change and a total are O(1); half a byte per pair, and 1, 2, 4 or 8 where one of
 * 4,096 has more than 3, 15, 255 or 65,535 flows, in parts of 4,096 pairs that appear on first use and go when nothing lives or
 * rests in them; 8 bytes per part.
 */
/*
 * Each flow changes the counts of its pair three times, when it begins, when it ends and when its rest ends, and each time they
 * have left the caches that are near. So they are narrow, 2 bits for what lives and 2 above them for what rests, and all of a
 * part become twice as wide when one of them needs it. And changes wait, to be booked together when there are some, or when
 * somebody asks: what is to be changed is read first, so that the processor waits for all of these reads at once.
 */
public final class PairUse {
    private static final int PART_BITS = 12;
    private static final int PART = 1 << PART_BITS;
    /** Of a count, in a part that is new. */
    private static final int NARROWEST_BITS = 2;

    private static final long[] EMPTY = {};

    /** Groups whose pairs in use are counted apart; more would be more than anybody looks at. */
    private static final int MAX_COUNTED_GROUPS = 256;

    /** Changes that are booked together. */
    private static final int TOGETHER = 32;

    private long[][] parts;
    /** Pairs of each part on which something lives or rests. */
    private int[] carrying;

    /** What is to be booked: a pair, above what it has more of. */
    private final long[] later = new long[TOGETHER];

    private int waiting;
    /** The sum of what was read ahead. */
    @SuppressWarnings("UnusedVariable") // else the compiler would leave out the reading
    private long read;

    private int pairs;
    private final int group;
    private final BitSet barred = new BitSet();
    private final Map<Integer, Integer> reservations = new HashMap<>();
    /** Of {@link #inUse}, those of each group; empty if there are too many groups. */
    private int[] inUseByGroup;

    private int inUse;
    private int held;
    private int reserved;

    /**
     * Nothing is in use.
     *
     * @param pairs pairs in all
     * @param group pairs that are barred together, those of one address
     */
    public PairUse(int pairs, int group) {
        this.pairs = pairs;
        this.group = group;
        parts = parts(new long[0][], pairs);
        carrying = new int[parts.length];
        int groups = (pairs - 1) / group + 1; // pairs may be all that an int holds
        inUseByGroup = new int[groups <= MAX_COUNTED_GROUPS ? groups : 0];
    }

    /** From now on there are that many pairs, the new ones behind the old. Cost: O(parts). */
    public void grow(int more) {
        pairs = more;
        parts = parts(parts, more);
        carrying = Arrays.copyOf(carrying, parts.length);
        int groups = (more - 1) / group + 1;
        inUseByGroup = inUseByGroup.length > 0 && groups <= MAX_COUNTED_GROUPS
                ? Arrays.copyOf(inUseByGroup, groups)
                : new int[0];
    }

    /** What the pairs {@code first} to {@code last} are used for, told of each. Cost: O(pairs) in parts where anything is. */
    public Counts counts(int first, int last) {
        book();
        int live = 0;
        int resting = 0;
        int pair = first;
        while (pair <= last) {
            int end = Math.min(last, pair | (PART - 1));
            if (parts[pair >>> PART_BITS] == EMPTY) {
                pair = end + 1;
                continue;
            }
            for (; pair <= end; pair++) {
                long flows = flows(pair);
                if (isLive(flows)) {
                    live++;
                } else if (flows > 0) {
                    resting++;
                }
            }
        }
        if (!barred.isEmpty() && barred.get(first / group)) {
            return new Counts(live, resting, last - first + 1 - live - resting);
        }
        int aside = 0;
        for (int set : reservations.keySet()) {
            aside += set >= first && set <= last && flows(set) == 0 ? 1 : 0;
        }
        return new Counts(live, resting, aside);
    }

    /** Counts of some pairs of one group; what is in none of them is free. */
    public record Counts(int inUse, int held, int reserved) {}

    /** Pairs on which at least one flow lives. */
    public int inUse() {
        book();
        return inUse;
    }

    /** Of these, those of each group in its order; empty if there are more than 256 groups. */
    public int[] inUseByGroup() {
        book();
        return inUseByGroup.clone();
    }

    /** Pairs on which none lives and at least one rests. */
    public int held() {
        book();
        return held;
    }

    /** Pairs that are set aside or barred, and on which none lives or rests. */
    public int reserved() {
        book();
        return reserved;
    }

    /** Whether a flow lives or rests on {@code pair}. */
    public boolean isCarrying(int pair) {
        book();
        return flows(pair) > 0;
    }

    /** Whether {@code pair} or one slot of it is set aside. */
    public boolean isSetAside(int pair) {
        return !reservations.isEmpty() && reservations.containsKey(pair);
    }

    /** Whether nothing lives on {@code pair}, and something rests. */
    public boolean isResting(int pair) {
        book();
        long flows = flows(pair);
        return flows > 0 && !isLive(flows);
    }

    public void opened(int pair) {
        change(pair, 1, 0);
    }

    public void released(int pair) {
        change(pair, -1, 0);
    }

    /** A live flow of the pair begins to rest. */
    public void laidToRest(int pair) {
        change(pair, -1, 1);
    }

    public void rested(int pair) {
        change(pair, 0, -1);
    }

    /** A resting use of the pair lives again. */
    public void revived(int pair) {
        change(pair, 1, -1);
    }

    /** The pair, or one slot of it, is set aside; once for each {@link #setAsideEnded}. */
    public void setAside(int pair) {
        changeReservations(pair, 1);
    }

    public void setAsideEnded(int pair) {
        changeReservations(pair, -1);
    }

    /** Whether the pairs of that group are barred: those on which nothing lives or rests count as reserved. Cost: O(group). */
    public void setBarred(int number, boolean isBarred) {
        book();
        if (barred.get(number) != isBarred) {
            barred.set(number, isBarred);
            reserved += isBarred ? free(number) : -free(number);
        }
    }

    /** Pairs of that group that are free but for being barred. */
    private int free(int number) {
        int end = (int) Math.min(pairs, (number + 1L) * group);
        int free = 0;
        for (int pair = number * group; pair < end; pair++) {
            free += flows(pair) > 0 || isSetAside(pair) ? 0 : 1;
        }
        return free;
    }

    /** Of each, one more, one less or as many as before. */
    private void change(int pair, int moreLive, int moreResting) {
        later[waiting++] = (long) pair << 4 | (moreLive + 1L) << 2 | (moreResting + 1);
        if (waiting == TOGETHER) {
            book();
        }
    }

    private void book() {
        int count = waiting;
        waiting = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int pair = (int) (later[i] >>> 4);
            long[] part = parts[pair >>> PART_BITS];
            sum += part == EMPTY ? 0 : part[word(pair, bits(part))];
        }
        read = sum;
        for (int i = 0; i < count; i++) {
            long change = later[i];
            book((int) (change >>> 4), (int) ((change >>> 2) & 3) - 1, (int) (change & 3) - 1);
        }
    }

    private void book(int pair, int moreLive, int moreResting) {
        long[] part = parts[pair >>> PART_BITS];
        if (part == EMPTY) {
            part = new long[words(NARROWEST_BITS)];
            parts[pair >>> PART_BITS] = part;
        }
        int bits = bits(part);
        int word = word(pair, bits);
        int shift = shift(pair, bits);
        long most = (1L << bits) - 1;
        int live = (int) ((part[word] >>> shift) & most);
        int resting = (int) ((part[word] >>> (shift + bits)) & most);
        if (((live + moreLive) | (resting + moreResting)) > most) {
            parts[pair >>> PART_BITS] = widened(part);
            book(pair, moreLive, moreResting);
            return;
        }
        part[word] += (moreLive + ((long) moreResting << bits)) << shift; // neither count leaves its bits
        if (live == 0 || live + moreLive == 0) { // else it is in use as before
            changed(pair, live, resting, live + moreLive, resting + moreResting);
        }
    }

    private void changed(int pair, int liveBefore, int restingBefore, int live, int resting) {
        boolean wasCarrying = (liveBefore | restingBefore) != 0;
        boolean isCarrying = (live | resting) != 0;
        if ((liveBefore > 0) != (live > 0) || !isCarrying) {
            count(pair, liveBefore > 0, wasCarrying, -1);
            count(pair, live > 0, isCarrying, 1);
        }
        int part = pair >>> PART_BITS;
        if (!wasCarrying) {
            carrying[part]++;
        } else if (!isCarrying && --carrying[part] == 0) {
            parts[part] = EMPTY;
        }
    }

    private void changeReservations(int pair, int by) {
        book();
        long flows = flows(pair);
        count(pair, isLive(flows), flows > 0, -1);
        reservations.merge(pair, by, (old, more) -> old + more == 0 ? null : old + more);
        count(pair, isLive(flows), flows > 0, 1);
    }

    private void count(int pair, boolean isLive, boolean isCarrying, int by) {
        if (isLive) {
            inUse += by;
            if (inUseByGroup.length > 0) {
                inUseByGroup[inUseByGroup.length == 1 ? 0 : pair / group] += by;
            }
        } else if (isCarrying) {
            held += by;
        } else if (isSetAside(pair) || (!barred.isEmpty() && barred.get(pair / group))) {
            reserved += by;
        }
    }

    /** Those that rest above those that live. */
    private long flows(int pair) {
        long[] part = parts[pair >>> PART_BITS];
        if (part == EMPTY) {
            return 0;
        }
        int bits = bits(part);
        long counts = part[word(pair, bits)] >>> shift(pair, bits);
        long most = (1L << bits) - 1;
        return (counts & most) | ((counts >>> bits) & most) << 32;
    }

    private static boolean isLive(long flows) {
        return (int) flows > 0;
    }

    /** The same with counts of twice as many bits. */
    private static long[] widened(long[] part) {
        int bits = bits(part);
        long most = (1L << bits) - 1;
        long[] wider = new long[2 * part.length];
        for (int pair = 0; pair < PART; pair++) {
            long counts = part[word(pair, bits)] >>> shift(pair, bits);
            wider[word(pair, 2 * bits)] |=
                    ((counts & most) | ((counts >>> bits) & most) << (2 * bits)) << shift(pair, 2 * bits);
        }
        return wider;
    }

    /** Bits of a count: its part says by its length how wide it is. */
    private static int bits(long[] part) {
        return part.length >>> (PART_BITS - 5);
    }

    /** Of a part whose counts have that many bits. */
    private static int words(int bits) {
        return bits << (PART_BITS - 5);
    }

    /** Where the two counts of {@code pair} are in its part. */
    private static int word(int pair, int bits) {
        return ((pair & (PART - 1)) * bits) >>> 5;
    }

    /** Of the two counts of {@code pair} in their word. */
    private static int shift(int pair, int bits) {
        return (pair * 2 * bits) & (Long.SIZE - 1);
    }

    private static long[][] parts(long[][] old, int pairs) {
        long[][] parts = Arrays.copyOf(old, (int) ((pairs - 1L + PART) >>> PART_BITS));
        Arrays.fill(parts, old.length, parts.length, EMPTY);
        return parts;
    }
}
