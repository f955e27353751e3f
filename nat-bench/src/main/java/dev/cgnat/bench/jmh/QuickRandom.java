package dev.cgnat.bench.jmh;

import java.util.random.RandomGenerator;

/**
 * G. Marsaglia's xorshift64 with a multiplication for the bound: about one nanosecond a draw, so that what is measured is
 * the search and not the generator. Far too weak to choose ports with.
 */
final class QuickRandom implements RandomGenerator {
    private long state;

    /** @param seed not 0 */
    QuickRandom(long seed) {
        state = seed;
    }

    @Override
    public long nextLong() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return state;
    }

    /** Biased by less than {@code bound} ÷ 2^32. */
    @Override
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }
}
