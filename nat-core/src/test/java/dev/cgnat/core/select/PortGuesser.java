package dev.cgnat.core.select;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Guesses each number of a sequence from those before it, in four ways. The numbers are ranks among the free slots, 0 to a
 * prime less one, so that every difference but 0 has an inverse.
 */
final class PortGuesser {
    private PortGuesser() {}

    /** The number that came most often so far. */
    static double mostFrequent(int[] ranks, int free) {
        int[] seen = new int[free];
        int best = 0;
        int hits = 0;
        for (int rank : ranks) {
            hits += rank == best ? 1 : 0;
            if (++seen[rank] > seen[best]) {
                best = rank;
            }
        }
        return (double) hits / ranks.length;
    }

    /** The last number plus the step that came most often. */
    static double lastPlusCommonStep(int[] ranks, int free) {
        int[] seen = new int[free];
        int best = 0;
        int hits = 0;
        for (int i = 1; i < ranks.length; i++) {
            int step = ranks[i] - ranks[i - 1];
            step = step < 0 ? step + free : step;
            hits += step == best ? 1 : 0;
            if (++seen[step] > seen[best]) {
                best = step;
            }
        }
        return (double) hits / ranks.length;
    }

    /** What followed most often on the last number: a Markov chain of the first order. */
    static double commonSuccessor(int[] ranks, int free) {
        int[] seen = new int[free * free];
        int[] best = new int[free];
        int hits = 0;
        for (int i = 1; i < ranks.length; i++) {
            int last = ranks[i - 1];
            int rank = ranks[i];
            hits += rank == best[last] ? 1 : 0;
            if (++seen[last * free + rank] > seen[last * free + best[last]]) {
                best[last] = rank;
            }
        }
        return (double) hits / ranks.length;
    }

    /**
     * The fourth number of a linear congruential generator x' = a·x + c modulo {@code free}, with a and c from the last three
     * (Marsaglia: its points lie on lines).
     */
    static double congruentialFit(int[] ranks, int free) {
        int[] inverses = inverses(free);
        int hits = 0;
        for (int i = 3; i < ranks.length; i++) {
            int first = ranks[i - 2] - ranks[i - 3];
            int second = ranks[i - 1] - ranks[i - 2];
            int a = (second + free) % free * inverses[(first + free) % free] % free;
            int guess = (ranks[i - 1] + a * ((second + free) % free)) % free;
            hits += ranks[i] == guess ? 1 : 0;
        }
        return (double) hits / ranks.length;
    }

    /** The rate of the guesser that is right most often. */
    static double best(int[] ranks, int free) {
        return Arrays.stream(new double[] {
                    mostFrequent(ranks, free),
                    lastPlusCommonStep(ranks, free),
                    commonSuccessor(ranks, free),
                    congruentialFit(ranks, free)
                })
                .max()
                .orElseThrow();
    }

    private static int[] inverses(int prime) {
        int[] inverses = new int[prime];
        BigInteger modulus = BigInteger.valueOf(prime);
        for (int i = 1; i < prime; i++) {
            inverses[i] = BigInteger.valueOf(i).modInverse(modulus).intValueExact();
        }
        return inverses;
    }
}
