package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How many external (address, port) pairs of one protocol are in use, resting, reserved or free, over all units of a pool.
 *
 * <p>One pair carries a flow for each destination, so it is counted once by its liveliest use: in use if a flow lives on
 * it, else held if one rests on it, else reserved if it is set aside.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a change and a total are O(1); half a byte per pair, 1 where one of 256 has more
 * than 3 flows, 2 where one has more than 15 and 8 where one has more than 255, in pages of 256 pairs that appear on first use and
 * go when nothing lives or rests in them, and 8 bytes per page.
 */
/*
 * Each flow changes the counts of its pair three times, when it begins, when it ends and when its rest ends, and each time they
 * have left the caches that are near. So counts are narrow, 2 bits for what lives and 2 for what rests, and all of a page become
 * twice as wide when one of them needs it. They stand in a block that lies among others in a long array: in an array of its own,
 * its length would be another line to fetch.
 *
 * Elsewhere the flows of a pair are a long: those that rest above those that live.
 */
public final class PairUse {
    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;
    /** Ints of a page in {@link #pages}: its block above its form, and how many of its pairs carry a flow. */
    private static final int ROW = 2;

    private static final int FORM_BITS = 2;
    private static final int WIDEST_FORM = 2;
    private static final int NARROWEST_BITS = 2;

    /** Groups whose pairs in use are counted apart; more would be more than anybody looks at. */
    private static final int MAX_COUNTED_GROUPS = 256;

    private static final int NONE = -1;
    /** In place of the block of a page whose flows stand in {@link #wide}. */
    private static final int WIDE = -2;

    private static final long LIVE = 1;
    private static final long RESTING = 1L << 32;

    private int[] pages;
    /** By form: counts of 2 bits, of 4, and of 8. */
    private final Slab[] blocks = {new Slab(ints(0)), new Slab(ints(1)), new Slab(ints(2))};
    /** The flows of those pages in which a pair has had too many of them for 8 bits, by their first int in {@link #pages}. */
    private final Map<Integer, long[]> wide = new HashMap<>();

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
        pages = rows(new int[0], pairs);
        int groups = (pairs - 1) / group + 1; // pairs may be all that an int holds
        inUseByGroup = new int[groups <= MAX_COUNTED_GROUPS ? groups : 0];
    }

    /** From now on there are that many pairs, the new ones behind the old. Cost: O(pages). */
    public void grow(int more) {
        pairs = more;
        pages = rows(pages, more);
        int groups = (more - 1) / group + 1;
        inUseByGroup = inUseByGroup.length > 0 && groups <= MAX_COUNTED_GROUPS
                ? Arrays.copyOf(inUseByGroup, groups)
                : new int[0];
    }

    /** What the pairs {@code first} to {@code last} are used for, told of each. Cost: O(pairs) in pages where anything is. */
    public Counts counts(int first, int last) {
        Counts counts = new Counts();
        int pair = first;
        while (pair <= last) {
            int end = Math.min(last, pair | PAGE - 1);
            if (pages[row(pair)] == NONE) {
                pair = end + 1;
                continue;
            }
            for (; pair <= end; pair++) {
                long flows = flows(pair);
                if (isLive(flows)) {
                    counts.inUse++;
                } else if (flows > 0) {
                    counts.held++;
                }
            }
        }
        boolean isBarred = !barred.isEmpty() && barred.get(first / group);
        if (isBarred) {
            counts.reserved = last - first + 1 - counts.inUse - counts.held;
        } else {
            for (int set : reservations.keySet()) {
                counts.reserved += set >= first && set <= last && !isCarrying(set) ? 1 : 0;
            }
        }
        return counts;
    }

    /** Counts of some pairs of one group; what is in none of them is free. */
    public static final class Counts {
        private int inUse;
        private int held;
        private int reserved;

        public int inUse() {
            return inUse;
        }

        public int held() {
            return held;
        }

        public int reserved() {
            return reserved;
        }
    }

    /** Pairs on which at least one flow lives. */
    public int inUse() {
        return inUse;
    }

    /** Of these, those of each group in its order; empty if there are more than 256 groups. */
    public int[] inUseByGroup() {
        return inUseByGroup.clone();
    }

    /** Pairs on which none lives and at least one rests. */
    public int held() {
        return held;
    }

    /** Pairs that are set aside or barred, and on which none lives or rests. */
    public int reserved() {
        return reserved;
    }

    /** Whether a flow lives or rests on {@code pair}. */
    public boolean isCarrying(int pair) {
        return flows(pair) > 0;
    }

    /** Whether {@code pair} or one slot of it is set aside. */
    public boolean isSetAside(int pair) {
        return !reservations.isEmpty() && reservations.containsKey(pair);
    }

    /** Whether nothing lives on {@code pair}, and something rests. */
    public boolean isResting(int pair) {
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
            free += isCarrying(pair) || isSetAside(pair) ? 0 : 1;
        }
        return free;
    }

    private void change(int pair, int moreLive, int moreResting) {
        int row = row(pair);
        int page = pages[row];
        if (page < 0) {
            changeWide(pair, moreLive, moreResting);
            return;
        }
        int[] chunk = chunk(page);
        int at = at(page, pair);
        int shift = shift(page, pair);
        int bits = bits(page);
        int most = (1 << bits) - 1;
        int live = (chunk[at] >>> shift) & most;
        int resting = (chunk[at] >>> (shift + bits)) & most;
        if (((live + moreLive) | (resting + moreResting)) > most) {
            changeWide(pair, moreLive, moreResting);
            return;
        }
        chunk[at] += (moreLive + (moreResting << bits)) << shift; // neither count leaves its bits
        changed(pair, live, resting, live + moreLive, resting + moreResting);
    }

    /** As {@link #change}, where the counts may have to move to wider ones. */
    private void changeWide(int pair, int moreLive, int moreResting) {
        long before = flows(pair);
        long after = before + moreLive * LIVE + moreResting * RESTING;
        set(pair, after);
        changed(pair, (int) before, (int) (before >>> 32), (int) after, (int) (after >>> 32));
    }

    private void changed(int pair, int liveBefore, int restingBefore, int live, int resting) {
        boolean wasCarrying = (liveBefore | restingBefore) != 0;
        boolean isCarrying = (live | resting) != 0;
        if ((liveBefore > 0) != (live > 0) || !isCarrying) {
            count(pair, liveBefore > 0, wasCarrying, -1);
            count(pair, live > 0, isCarrying, 1);
        }
        if (!wasCarrying) {
            pages[row(pair) + 1]++;
        } else if (!isCarrying && --pages[row(pair) + 1] == 0) {
            leavePage(pair);
        }
    }

    private void changeReservations(int pair, int by) {
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

    private long flows(int pair) {
        int page = pages[row(pair)];
        if (page < 0) {
            return page == NONE ? 0 : wide(row(pair))[pair & (PAGE - 1)];
        }
        int bits = bits(page);
        int most = (1 << bits) - 1;
        int counts = chunk(page)[at(page, pair)] >>> shift(page, pair);
        return (counts & most) | ((long) ((counts >>> bits) & most) << 32);
    }

    private void set(int pair, long flows) {
        int row = row(pair);
        if (pages[row] == NONE) {
            pages[row] = allocate(0);
        }
        while (pages[row] != WIDE && !fits(flows, bits(pages[row]))) {
            widen(row);
        }
        int page = pages[row];
        if (page == WIDE) {
            wide(row)[pair & (PAGE - 1)] = flows;
            return;
        }
        int bits = bits(page);
        int[] chunk = chunk(page);
        int at = at(page, pair);
        int others = chunk[at] & ~(((1 << (2 * bits)) - 1) << shift(page, pair));
        chunk[at] = others | (((int) flows | ((int) (flows >>> 32) << bits)) << shift(page, pair));
    }

    private void widen(int row) {
        long[] flows = new long[PAGE];
        int first = (row / ROW) << PAGE_BITS;
        Arrays.setAll(flows, i -> flows(first + i));
        int page = pages[row];
        Arrays.fill(chunk(page), at(page, first), at(page, first) + ints(form(page)), 0);
        giveBack(page);
        if (form(page) < WIDEST_FORM) {
            pages[row] = allocate(form(page) + 1);
            for (int i = 0; i < PAGE; i++) {
                set(first + i, flows[i]);
            }
        } else {
            pages[row] = WIDE;
            wide.put(row, flows);
        }
    }

    /** Nothing lives or rests in the page of {@code pair} any more. */
    private void leavePage(int pair) {
        int row = row(pair);
        if (pages[row] == WIDE) {
            wide.remove(row);
        } else {
            giveBack(pages[row]);
        }
        pages[row] = NONE;
    }

    private long[] wide(int row) {
        return Objects.requireNonNull(wide.get(row));
    }

    /** A page of that form whose counts are all 0. */
    private int allocate(int form) {
        int page = blocks[form].allocate() << FORM_BITS | form;
        chunk(page)[at(page, 0)] = 0; // as the others are: a page leaves zeros
        return page;
    }

    private void giveBack(int page) {
        blocks[form(page)].free(page >>> FORM_BITS);
    }

    private int[] chunk(int page) {
        return blocks[form(page)].chunk(page >>> FORM_BITS);
    }

    private int at(int page, int pair) {
        return blocks[form(page)].offset(page >>> FORM_BITS) + (((pair & (PAGE - 1)) * bits(page)) >>> 4);
    }

    /** Of the counts of {@code pair} in their int. */
    private static int shift(int page, int pair) {
        return (pair * 2 * bits(page)) & (Integer.SIZE - 1);
    }

    /** Bits of a count. */
    private static int bits(int page) {
        return NARROWEST_BITS << form(page);
    }

    private static int form(int page) {
        return page & ((1 << FORM_BITS) - 1);
    }

    /** Of a page. */
    private static int ints(int form) {
        return (PAGE * 2 * NARROWEST_BITS / Integer.SIZE) << form;
    }

    private static int row(int pair) {
        return (pair >>> PAGE_BITS) * ROW;
    }

    private static boolean fits(long flows, int bits) {
        return (flows & ~(((1L << bits) - 1) * (LIVE + RESTING))) == 0;
    }

    private static boolean isLive(long flows) {
        return (int) flows > 0;
    }

    private static int[] rows(int[] old, int pairs) {
        int[] rows = Arrays.copyOf(old, (int) (((pairs - 1L + PAGE) >>> PAGE_BITS) * ROW));
        for (int row = old.length; row < rows.length; row += ROW) {
            rows[row] = NONE;
        }
        return rows;
    }
}
