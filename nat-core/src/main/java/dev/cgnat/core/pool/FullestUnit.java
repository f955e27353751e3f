package dev.cgnat.core.pool;

import java.util.Arrays;

/**
 * How many slots of the fullest unit are occupied.
 *
 * <p>Counts the units of each occupancy. As an occupancy changes by one at a time, the maximum follows without a search:
 * when the last unit at the maximum loses a slot, it is itself the new maximum.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); 4 bytes per slot of the fullest unit so far.
 */
final class FullestUnit {
    private int[] units = new int[64];
    private int max;

    int occupied() {
        return max;
    }

    /** A unit went from {@code occupied} - 1 to {@code occupied}. */
    void rose(int occupied) {
        if (occupied >= units.length) {
            units = Arrays.copyOf(units, (int) Math.min(2L * units.length, Integer.MAX_VALUE - 8));
        }
        units[occupied - 1]--;
        units[occupied]++;
        max = Math.max(max, occupied);
    }

    /** A unit went from {@code occupied} + 1 to {@code occupied}. */
    void fell(int occupied) {
        units[occupied + 1]--;
        units[occupied]++;
        if (max == occupied + 1 && units[max] == 0) {
            max = occupied;
        }
    }
}
