package dev.cgnat.bench.grade;

import dev.cgnat.bench.load.Via;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What to examine, with what, and within which bounds.
 *
 * @param ways at least one; all lead into the same NAT. {@link Via.Direct} for one that is not seen.
 * @param sinks where they listen; the first is run dry, others at its address and at another tell scopes apart
 * @param remote whether the sinks run elsewhere ({@code natbench serve --tell}); else they are started here
 * @param forwards for {@link Via.Forward}: the NAT's ports that lead to the sinks, in their order; else empty
 * @param sources prefix of the clients' addresses
 * @param subscribers client addresses at most, 1 or more
 * @param bounds when to stop
 * @param seed of whatever is random
 */
public record GradePlan(
        List<Via> ways,
        List<InetSocketAddress> sinks,
        boolean remote,
        List<InetSocketAddress> forwards,
        String sources,
        int subscribers,
        Bounds bounds,
        long seed) {
    /**
     * When to stop, whatever is known by then.
     *
     * @param maxConnections tries, 100 to 1,000,000; those that live at a time are bounded by descriptors too
     * @param maxTime more than 0
     * @param patience how long an answer is awaited before its absence is called silence; more than 0
     */
    public record Bounds(int maxConnections, Duration maxTime, Duration patience) {
        private static final int MIN_CONNECTIONS = 100;
        private static final int MAX_CONNECTIONS = 1_000_000;

        public Bounds {
            if (maxConnections < MIN_CONNECTIONS || maxConnections > MAX_CONNECTIONS) {
                throw new IllegalArgumentException(
                        "max-connections: " + maxConnections + " (expected: 100 to 1000000)");
            }
            requirePositive("max-time", maxTime);
            requirePositive("patience", patience);
        }

        private static void requirePositive(String name, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: more than 0)");
            }
        }
    }

    public GradePlan {
        ways = List.copyOf(ways);
        sinks = List.copyOf(sinks);
        forwards = List.copyOf(forwards);
        if (ways.isEmpty() || sinks.isEmpty()) {
            throw new IllegalArgumentException(
                    "via, sinks: " + ways + ", " + sinks + " (expected: at least one of each)");
        }
        if (ways.contains(new Via.Forward()) && (ways.size() > 1 || forwards.size() != sinks.size())) {
            throw new IllegalArgumentException("forwards: " + forwards.size()
                    + " (expected: --via forward alone, and one forward of the NAT for each of the "
                    + sinks.size() + " sinks)");
        }
        if (subscribers < 1) {
            throw new IllegalArgumentException("subscribers: " + subscribers + " (expected: at least 1)");
        }
    }

    boolean isForward() {
        return ways.get(0) instanceof Via.Forward;
    }
}
