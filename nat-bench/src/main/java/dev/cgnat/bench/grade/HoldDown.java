package dev.cgnat.bench.grade;

import java.time.Duration;

/**
 * How long a port rested.
 *
 * @param atLeast when it was last refused, less the time in which the NAT may not have known of the end
 * @param atMost when it was lent again, the smallest of several ports
 * @param slots how many ports were seen to come back
 */
public record HoldDown(Duration atLeast, Duration atMost, int slots) {
    /** Shorter than this is how long the end of a flow takes to get about. */
    private static final Duration NONE = Duration.ofMillis(60);

    private static final double EXACT = 0.97;
    private static final long HEARD_LATER_MILLIS = 20;

    private static final long[] ROUND_MILLIS = {60_000, 30_000, 10_000, 5_000, 1_000, 500, 250, 100, 50, 10, 5, 1};

    /**
     * From what was seen on this side.
     *
     * @param refusedFor from the end to the last refusal
     * @param backAfter from the end to the next grant
     * @param news how much later the NAT may hear of an end: who asks within that may be refused though nothing rests
     */
    static HoldDown seen(Duration refusedFor, Duration backAfter, Duration news, int slots) {
        Duration known = refusedFor.minus(news);
        return new HoldDown(known.isNegative() ? Duration.ZERO : known, backAfter, slots);
    }

    /** Whether ports come back as soon as the flow's end is known: the very first try found one, or nearly so. */
    public boolean isNone() {
        return atLeast.isZero() || atMost.compareTo(NONE) < 0;
    }

    /** The roundest duration that fits to about 3 %, 0 if there is none to speak of. */
    public Duration rounded() {
        if (isNone()) {
            return Duration.ZERO;
        }
        // the NAT hears of an end a little later than whoever made it, and rests from then
        long lowest = (long) (atLeast.toMillis() * EXACT) - HEARD_LATER_MILLIS;
        for (long step : ROUND_MILLIS) {
            long candidate = atMost.toMillis() / step * step;
            if (candidate > 0 && candidate >= lowest) {
                return Duration.ofMillis(candidate);
            }
        }
        return atMost;
    }
}
