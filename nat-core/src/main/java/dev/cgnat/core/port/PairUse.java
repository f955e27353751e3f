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
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a change and a total are O(1); 8 bytes per pair, in pages of 64 pairs that
 * appear on first use and go when nothing lives or rests in them, and 4 bytes per page.
 */
public final class PairUse {
    private static final int PAGE_BITS = 6;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int FLOWS = 2 * PAGE;
    private static final int[] NONE = {};

    /** Live and resting flows of each pair of a page, and last the flows of all. */
    private final int[][] pages;

    private final int pairs;
    private final int group;
    private final BitSet barred = new BitSet();
    private final Map<Integer, Integer> reservations = new HashMap<>();
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
        pages = new int[(pairs + PAGE - 1) >>> PAGE_BITS][];
        Arrays.fill(pages, NONE);
    }

    /** Pairs on which at least one flow lives. */
    public int inUse() {
        return inUse;
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
        int[] page = pages[pair >>> PAGE_BITS];
        return page != NONE && (page[live(pair)] | page[live(pair) + 1]) > 0;
    }

    /** Whether {@code pair} or one slot of it is set aside. */
    public boolean isSetAside(int pair) {
        return !reservations.isEmpty() && reservations.containsKey(pair);
    }

    /** Whether nothing lives on {@code pair}, and something rests. */
    public boolean isResting(int pair) {
        int[] page = pages[pair >>> PAGE_BITS];
        return page != NONE && page[live(pair)] == 0 && page[live(pair) + 1] > 0;
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

    /** Whether the pairs of that group are barred: those that are free count as reserved. Cost: O(group). */
    public void setBarred(int number, boolean isBarred) {
        if (barred.get(number) == isBarred) {
            return;
        }
        int end = (int) Math.min(pairs, (number + 1L) * group);
        countAll(number * group, end, -1);
        barred.set(number, isBarred);
        countAll(number * group, end, 1);
    }

    private void countAll(int first, int end, int by) {
        int pair = first;
        while (pair < end) {
            int[] page = pages[pair >>> PAGE_BITS];
            int next = Math.min(end, (pair & -PAGE) + PAGE);
            if (page == NONE && reservations.isEmpty()) {
                reserved += barred.get(pair / group) ? by * (next - pair) : 0;
            } else {
                for (int one = pair; one < next; one++) {
                    count(page, one, by);
                }
            }
            pair = next;
        }
    }

    private void change(int pair, int moreLive, int moreResting) {
        int[] page = pages[pair >>> PAGE_BITS];
        if (page == NONE) {
            page = new int[FLOWS + 1];
            pages[pair >>> PAGE_BITS] = page;
        }
        count(page, pair, -1);
        page[live(pair)] += moreLive;
        page[live(pair) + 1] += moreResting;
        page[FLOWS] += moreLive + moreResting;
        count(page, pair, 1);
        if (page[FLOWS] == 0) {
            pages[pair >>> PAGE_BITS] = NONE;
        }
    }

    private void changeReservations(int pair, int by) {
        int[] page = pages[pair >>> PAGE_BITS];
        count(page, pair, -1);
        reservations.merge(pair, by, (old, more) -> old + more == 0 ? null : old + more);
        count(page, pair, 1);
    }

    private void count(int[] page, int pair, int by) {
        if (page != NONE && page[live(pair)] > 0) {
            inUse += by;
        } else if (page != NONE && page[live(pair) + 1] > 0) {
            held += by;
        } else if (isSetAside(pair) || (!barred.isEmpty() && barred.get(pair / group))) {
            reserved += by;
        }
    }

    /** Where the live flows of {@code pair} are counted in its page; the resting ones follow. */
    private static int live(int pair) {
        return 2 * (pair & (PAGE - 1));
    }
}
