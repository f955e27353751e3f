package dev.cgnat.core.port;

import java.util.HashMap;
import java.util.Map;

/**
 * How many external (address, port) pairs are in use, resting, reserved or free, over all units of a pool.
 *
 * <p>One pair carries a flow for each destination, so it is counted once by its liveliest use: in use if a flow lives on
 * it, else held if one rests on it, else reserved if it is set aside.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a change and a total are O(1); about 230 bytes per run of 16 pairs, which
 * appears on first use and goes when nothing lives or rests in it: small enough for flows strewn over a huge pool, and 15
 * bytes per pair in a full one.
 */
public final class PairUse {
    private static final int RUN_BITS = 4;
    private static final int RUN = 1 << RUN_BITS;

    private final Map<Integer, Run> runs = new HashMap<>();
    private final Map<Integer, Integer> reservations = new HashMap<>();
    private int inUse;
    private int held;
    private int reserved;

    /** Pairs on which at least one flow lives. */
    public int inUse() {
        return inUse;
    }

    /** Pairs on which none lives and at least one rests. */
    public int held() {
        return held;
    }

    /** Pairs that are set aside, and on which none lives or rests. */
    public int reserved() {
        return reserved;
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

    /** The pair, or one slot of it, is set aside; once for each {@link #setAsideEnded}. */
    public void setAside(int pair) {
        changeReservations(pair, 1);
    }

    public void setAsideEnded(int pair) {
        changeReservations(pair, -1);
    }

    private void change(int pair, int moreLive, int moreResting) {
        count(pair, -1);
        Run run = runs.computeIfAbsent(pair >>> RUN_BITS, missing -> new Run());
        run.add(pair & (RUN - 1), moreLive, moreResting);
        if (run.flows == 0) {
            runs.remove(pair >>> RUN_BITS);
        }
        count(pair, 1);
    }

    private void changeReservations(int pair, int by) {
        count(pair, -1);
        reservations.merge(pair, by, (old, more) -> old + more == 0 ? null : old + more);
        count(pair, 1);
    }

    private void count(int pair, int by) {
        Run run = runs.get(pair >>> RUN_BITS);
        int at = pair & (RUN - 1);
        if (run != null && run.live(at) > 0) {
            inUse += by;
        } else if (run != null && run.resting(at) > 0) {
            held += by;
        } else if (reservations.containsKey(pair)) {
            reserved += by;
        }
    }

    private static final class Run {
        private final int[] counts = new int[2 * RUN]; // live, then resting
        private int flows;

        int live(int at) {
            return counts[at];
        }

        int resting(int at) {
            return counts[RUN + at];
        }

        void add(int at, int moreLive, int moreResting) {
            counts[at] += moreLive;
            counts[RUN + at] += moreResting;
            flows += moreLive + moreResting;
        }
    }
}
