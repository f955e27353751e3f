package dev.cgnat.bench.size;

import dev.cgnat.core.address.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The time from one grant of an external endpoint to its next, seen from the destination. Ports ÷ the mean of these gaps is
 * the rate at which a pool that is always dry gives: grants come in bursts, so counting them in a window misleads.
 *
 * <p>For one destination. Not thread-safe. Costs: one entry per endpoint.
 */
public final class GrantGaps {
    private final Map<Endpoint, Long> last = new HashMap<>();
    private long gaps;
    private long sumNanos;
    private long leastNanos = Long.MAX_VALUE;

    /** Takes note of a grant; each endpoint's must come in the order of their times. */
    public void granted(Endpoint external, long nanos) {
        Long before = last.put(external, nanos);
        if (before != null) {
            gaps++;
            sumNanos += nanos - before;
            leastNanos = Math.min(leastNanos, nanos - before);
        }
    }

    /** Endpoints that were granted at least once. */
    public int endpoints() {
        return last.size();
    }

    /** Gaps measured. */
    public long count() {
        return gaps;
    }

    /** Mean gap in seconds; empty if no endpoint was granted twice. */
    public OptionalDouble meanSeconds() {
        return gaps == 0 ? OptionalDouble.empty() : OptionalDouble.of(sumNanos / 1e9 / gaps);
    }

    /** Least gap in seconds; empty if no endpoint was granted twice. */
    public OptionalDouble leastSeconds() {
        return gaps == 0 ? OptionalDouble.empty() : OptionalDouble.of(leastNanos / 1e9);
    }
}
