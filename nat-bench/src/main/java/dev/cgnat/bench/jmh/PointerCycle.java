package dev.cgnat.bench.jmh;

/**
 * Lines of 64 bytes, each of which names the next, in one cycle through all of them whose order no prefetcher follows.
 * A walk along it cannot begin a read before the one before it has ended.
 */
final class PointerCycle {
    private static final int LONGS_PER_LINE = 8;

    private final long[] longs;
    private final int bits;
    private int at;

    /** A cycle of 2^{@code bits} lines, 2 to 27 bits. */
    PointerCycle(int bits) {
        this.bits = bits;
        int lines = 1 << bits;
        longs = new long[lines * LONGS_PER_LINE];
        int line = scatter(0);
        for (int i = 1; i <= lines; i++) {
            int next = scatter(i & (lines - 1));
            longs[line * LONGS_PER_LINE] = next;
            line = next;
        }
        at = line;
    }

    int lines() {
        return 1 << bits;
    }

    /** Makes {@code reads} reads, each of the line that the one before named; returns the line where it arrived. */
    int walk(int reads) {
        int line = at;
        for (int i = 0; i < reads; i++) {
            line = (int) longs[line * LONGS_PER_LINE];
        }
        at = line;
        return line;
    }

    /** A permutation of the lines: each step can be undone, so none maps two numbers to one. */
    private int scatter(int number) {
        int mask = (1 << bits) - 1;
        int value = number;
        for (int round = 0; round < 3; round++) {
            value = (value * 0x2c1b_3c6d + 0x297a_2d39) & mask;
            value ^= value >>> (bits / 2);
        }
        return value;
    }
}
