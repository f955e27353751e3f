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
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a change and a total are O(1); 2 bytes per pair, 8 where one of 256 has more
 * than 255 flows, in pages of 256 pairs that appear on first use and go when nothing lives or rests in them, and 8 bytes per page.
 */
public final class PairUse {
    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int SPARE_PAGES = 64;
    private static final int MOST = 0xff;
    /** Groups whose pairs in use are counted apart; more would be more than anybody looks at. */
    private static final int MAX_COUNTED_GROUPS = 256;

    private static final byte[] NONE = {};
    /** In place of a page that stands in {@link #wide}. */
    private static final byte[] WIDE = {};

    /** Live and resting flows of each pair of a page. */
    private byte[][] pages;
    /** The same of those pages in which a pair has had too many of them for a byte. */
    private final Map<Integer, int[]> wide = new HashMap<>();
    /** Live and resting flows of all pairs of each page. */
    private int[] flows;

    /** Pages that nothing lives or rests in any more, so full of zeros; where flows are few, each needs a page and leaves it again. */
    private final byte[][] spare = new byte[SPARE_PAGES][];

    private int spares;
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
        pages = new byte[(pairs + PAGE - 1) >>> PAGE_BITS][];
        Arrays.fill(pages, NONE);
        flows = new int[pages.length];
        int groups = (pairs - 1) / group + 1; // pairs may be all that an int holds
        inUseByGroup = new int[groups <= MAX_COUNTED_GROUPS ? groups : 0];
    }

    /** From now on there are that many pairs, the new ones behind the old. Cost: O(pages). */
    public void grow(int more) {
        int old = pages.length;
        pairs = more;
        pages = Arrays.copyOf(pages, (more + PAGE - 1) >>> PAGE_BITS);
        Arrays.fill(pages, old, pages.length, NONE);
        flows = Arrays.copyOf(flows, pages.length);
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
            if (flows[pair >>> PAGE_BITS] == 0) {
                pair = end + 1;
                continue;
            }
            for (; pair <= end; pair++) {
                if (live(pair) > 0) {
                    counts.inUse++;
                } else if (resting(pair) > 0) {
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
        return (live(pair) | resting(pair)) > 0;
    }

    /** Whether {@code pair} or one slot of it is set aside. */
    public boolean isSetAside(int pair) {
        return !reservations.isEmpty() && reservations.containsKey(pair);
    }

    /** Whether nothing lives on {@code pair}, and something rests. */
    public boolean isResting(int pair) {
        return live(pair) == 0 && resting(pair) > 0;
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
        int live = live(pair);
        int resting = resting(pair);
        count(pair, live, resting, -1);
        live += moreLive;
        resting += moreResting;
        count(pair, live, resting, 1);
        int page = pair >>> PAGE_BITS;
        flows[page] += moreLive + moreResting;
        if (flows[page] == 0) {
            clear(page, at(pair));
        } else {
            set(page, at(pair), live);
            set(page, at(pair) + 1, resting);
        }
    }

    /** The pair at {@code last} was the last of its page that anything lived or rested on. */
    private void clear(int page, int last) {
        byte[] counts = pages[page];
        pages[page] = NONE;
        if (counts == WIDE) {
            wide.remove(page);
        } else if (counts != NONE && spares < SPARE_PAGES) {
            counts[last] = 0;
            counts[last + 1] = 0;
            spare[spares++] = counts;
        }
    }

    private int live(int pair) {
        return get(pair >>> PAGE_BITS, at(pair));
    }

    private int resting(int pair) {
        return get(pair >>> PAGE_BITS, at(pair) + 1);
    }

    private int get(int page, int at) {
        byte[] counts = pages[page];
        if (counts.length > 0) {
            return counts[at] & MOST;
        }
        return counts == NONE ? 0 : wide(page)[at];
    }

    private void set(int page, int at, int value) {
        if (pages[page] == NONE) {
            pages[page] = spares == 0 ? new byte[2 * PAGE] : spare[--spares];
        }
        if (value > MOST && pages[page] != WIDE) {
            int[] wider = new int[2 * PAGE];
            Arrays.setAll(wider, i -> pages[page][i] & MOST);
            wide.put(page, wider);
            pages[page] = WIDE;
        }
        if (pages[page] == WIDE) {
            wide(page)[at] = value;
        } else {
            pages[page][at] = (byte) value;
        }
    }

    private int[] wide(int page) {
        return Objects.requireNonNull(wide.get(page));
    }

    private void changeReservations(int pair, int by) {
        int live = live(pair);
        int resting = resting(pair);
        count(pair, live, resting, -1);
        reservations.merge(pair, by, (old, more) -> old + more == 0 ? null : old + more);
        count(pair, live, resting, 1);
    }

    private void count(int pair, int live, int resting, int by) {
        if (live > 0) {
            inUse += by;
            if (inUseByGroup.length > 0) {
                inUseByGroup[inUseByGroup.length == 1 ? 0 : pair / group] += by;
            }
        } else if (resting > 0) {
            held += by;
        } else if (isSetAside(pair) || (!barred.isEmpty() && barred.get(pair / group))) {
            reserved += by;
        }
    }

    /** Where the live flows of {@code pair} are counted in its page; the resting ones follow. */
    private static int at(int pair) {
        return 2 * (pair & (PAGE - 1));
    }
}
