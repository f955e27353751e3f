package dev.cgnat.core.port;

import java.util.random.RandomGenerator;

/** Whole numbers drawn from a range, each exactly as likely as the others. */
/*
 * The product of 32 random bits and the bound has the drawn number in its upper half [1]. The lower half says whether the
 * draw belongs to the few that would favour some numbers; those, fewer than bound in 2^32, are drawn again. The division
 * that finds out how few is needed only then.
 *
 * [1] D. Lemire, Fast random integer generation in an interval, ACM TOMACS 29(1), 2019.
 */
final class Uniform {
    private static final long LOW_HALF = 0xffff_ffffL;

    private Uniform() {}

    /** 0 to {@code bound} - 1, for a {@code bound} of 1 or more; takes one 64-bit number, hardly ever two. */
    static int below(int bound, RandomGenerator random) {
        long product = (random.nextLong() >>> 32) * bound;
        if ((product & LOW_HALF) < bound) {
            long biased = (1L << 32) % bound;
            while ((product & LOW_HALF) < biased) {
                product = (random.nextLong() >>> 32) * bound;
            }
        }
        return (int) (product >>> 32);
    }
}
