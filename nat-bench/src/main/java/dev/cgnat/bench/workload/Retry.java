package dev.cgnat.bench.workload;

import java.time.Duration;

/**
 * What a client does that was refused.
 *
 * @param times it asks again, 0 to 15
 * @param after so long the first time, and twice as long every further time; more than 0
 */
public record Retry(int times, Duration after) {
    /** Most times that it asks again. */
    public static final int MOST_TIMES = 15;

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Retry NEVER = new Retry(0, Duration.ofSeconds(1));

    public Retry {
        if (times < 0 || times > MOST_TIMES) {
            throw new IllegalArgumentException("times: " + times + " (expected: 0 to " + MOST_TIMES + ")");
        }
        if (after.isNegative() || after.isZero() || after.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("after: " + after + " (expected: more than 0s, at most 24h)");
        }
    }

    public static Retry never() {
        return NEVER;
    }

    /**
     * How long to wait before asking again.
     *
     * @param refusals so far, 1 to {@link #MOST_TIMES}
     */
    public long pauseNanos(int refusals) {
        return after.toNanos() << (refusals - 1);
    }
}
