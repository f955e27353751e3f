package dev.cgnat.bench.rfc9693;

/** Finds the highest rate that passes: doubles it until one fails, then halves the distance. */
final class RateSearch {
    /** Highest minus lowest, as a share of the highest, at which a search ends. */
    static final double PRECISION = 0.05;

    private static final int MAX_TRIALS = 24;

    private RateSearch() {}

    /** One loading of the table at a rate. */
    interface Trial {
        /** Whether nothing was lost at so many connections per second. */
        boolean passes(double perSecond) throws InterruptedException;
    }

    /**
     * The highest rate that passed; 0 if not even {@code least} did.
     *
     * @param least below which it does not look, more than 0
     * @param first where to begin, at least {@code least}; near the result is quicker
     */
    static double highest(double least, double first, Trial trial) throws InterruptedException {
        double passed = 0;
        double failed = Double.POSITIVE_INFINITY;
        double rate = first;
        for (int i = 0; i < MAX_TRIALS && rate >= least && passed < (1 - PRECISION) * failed; i++) {
            if (trial.passes(rate)) {
                passed = rate;
            } else {
                failed = rate;
            }
            rate = Double.isInfinite(failed) ? 2 * passed : passed == 0 ? failed / 2 : (passed + failed) / 2;
        }
        return passed;
    }
}
