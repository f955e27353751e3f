package dev.cgnat.bench.jmh;

import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Random places of a table, 0 to n - 1, read ahead: where the benchmark finds what to release must not cost as much as the
 * release. So {@value #AHEAD} places are drawn at a time and their entries read at once, which the processor does side by
 * side; when their turn comes, they stand in its cache. What is left of the cost is in the baseline.
 */
final class Picks {
    private static final int AHEAD = 64;

    private final int[] places = new int[AHEAD];
    private final int size;
    private final RandomGenerator random;
    private final IntToLongFunction read;
    private int next = AHEAD;
    private long sum;

    /** @param read reads the entry of a place; its sum is kept so that the reading is */
    Picks(int size, RandomGenerator random, IntToLongFunction read) {
        this.size = size;
        this.random = random;
        this.read = read;
    }

    int next() {
        if (next == AHEAD) {
            readAhead();
        }
        return places[next++];
    }

    /** Of all that was read; the compiler cannot leave out what somebody may ask for. */
    long sum() {
        return sum;
    }

    private void readAhead() {
        long more = 0;
        for (int i = 0; i < AHEAD; i++) {
            int place = random.nextInt(size);
            places[i] = place;
            more += read.applyAsLong(place);
        }
        sum += more;
        next = 0;
    }
}
