package dev.cgnat.bench.size;

/**
 * What share of flows a full pool refuses, if they arrive at random and whoever is refused goes away: pure loss.
 *
 * <p>It holds for any distribution of lifetimes; hold-down counts as part of the lifetime.
 *
 * <p>Source: A. K. Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone
 * exchanges, 1917; the recursion is that of his formula in the number of servers.
 */
public final class ErlangB {
    private ErlangB() {}

    /**
     * The share that is refused, 0 to 1. Costs O(slots).
     *
     * @param load flows that would live (and rest) at a time if none were refused: arrivals per second × hold time; 0 or more
     * @param slots 0 or more
     */
    public static double blocking(double load, int slots) {
        if (!(load >= 0 && Double.isFinite(load))) {
            throw new IllegalArgumentException("load: " + load + " (expected: 0 or more)");
        }
        if (slots < 0) {
            throw new IllegalArgumentException("slots: " + slots + " (expected: 0 or more)");
        }
        double blocking = 1;
        for (int n = 1; n <= slots; n++) {
            blocking = load * blocking / (n + load * blocking);
        }
        return blocking;
    }

    /**
     * The fewest slots with which no more than {@code target} is refused.
     *
     * @param target more than 0, at most 1
     * @throws ArithmeticException if that would be more than 2^31 - 1
     */
    public static int slots(double load, double target) {
        if (!(target > 0 && target <= 1)) {
            throw new IllegalArgumentException("target: " + target + " (expected: more than 0, at most 1)");
        }
        double blocking = blocking(load, 0);
        int slots = 0;
        while (blocking > target) {
            slots = Math.incrementExact(slots);
            blocking = load * blocking / (slots + load * blocking);
        }
        return slots;
    }
}
