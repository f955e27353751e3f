package dev.cgnat.proxy.diagnose;

import java.util.List;
import java.util.Optional;

/**
 * Signs that flows are opened and not closed.
 *
 * @param seconds how long their number grew
 * @param ageGrowth seconds by which the age that one in twenty exceeds grew in that time
 * @param arrivalGrowth flows asked for in the second half of that time ÷ in the first
 */
record Leak(double seconds, int sessionsBefore, int sessionsAfter, double ageGrowth, double arrivalGrowth) {
    /** Of the window, that growth must take: a burst is no leak. */
    private static final double MIN_SHARE = 1.0 / 3;

    private static final double MIN_HALF_GROWTH = 1.1;
    private static final int MIN_GROWTH = 10;
    private static final double MIN_AGE_GROWTH = 0.5;
    private static final double MAX_ARRIVAL_GROWTH = 1.25;

    /** The leak that {@code seen} shows: live flows grow in both halves and grow old, while no more are asked for. */
    static Optional<Leak> in(Observation seen) {
        List<PoolSample> growth = seen.growth();
        PoolSample start = growth.get(0);
        PoolSample middle = growth.get(growth.size() / 2);
        PoolSample end = growth.get(growth.size() - 1);
        long window = seen.last().atNanos() - seen.first().atNanos();
        long nanos = end.atNanos() - start.atNanos();
        long early = middle.requests() - start.requests();
        long late = end.requests() - middle.requests();
        double halves = (double) (middle.atNanos() - start.atNanos()) / (end.atNanos() - middle.atNanos());
        Leak leak = new Leak(
                nanos / 1e9,
                start.sessions(),
                end.sessions(),
                end.ages().p95() - start.ages().p95(),
                late * halves / early);
        boolean isSteady = nanos >= MIN_SHARE * window
                && middle.sessions() >= MIN_HALF_GROWTH * start.sessions()
                && end.sessions() >= MIN_HALF_GROWTH * middle.sessions()
                && end.sessions() - start.sessions() >= MIN_GROWTH;
        boolean isFlatLoad = early > 0 && late > 0 && leak.arrivalGrowth <= MAX_ARRIVAL_GROWTH;
        return isSteady && isFlatLoad && leak.ageGrowth >= MIN_AGE_GROWTH * leak.seconds
                ? Optional.of(leak)
                : Optional.empty();
    }
}
