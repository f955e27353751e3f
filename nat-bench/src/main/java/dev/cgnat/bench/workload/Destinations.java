package dev.cgnat.bench.workload;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.DiscreteDistribution;
import org.apache.commons.statistics.distribution.ZipfDistribution;

/**
 * Where flows go: to hosts with consecutive addresses, on one port.
 *
 * @param first the first of them, and the most popular one
 * @param count hosts, 1 to 1,048,576
 * @param skew exponent of Zipf's law, by which the k-th host is chosen in proportion to k^-skew, 0 to 10; 0 = all alike
 */
public record Destinations(Endpoint first, int count, double skew) {
    /** Most hosts. */
    public static final int MOST = 1 << 20;

    private static final double MOST_SKEW = 10;

    /** Of the addresses for benchmarks (RFC 2544, RFC 6890), which nobody else has. */
    private static final Endpoint DEFAULT_FIRST = new Endpoint(IpAddress.ofIpv4(198, 18, 0, 1), 443);

    public Destinations {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("count: " + count + " (expected: 1 to " + MOST + ")");
        }
        if (!(skew >= 0 && skew <= MOST_SKEW)) {
            throw new IllegalArgumentException("popularity: " + skew + " (expected: 0 to 10)");
        }
    }

    /** 198.18.0.1:443 alone. */
    public static Destinations one() {
        return new Destinations(DEFAULT_FIRST, 1, 0);
    }

    /** From 198.18.0.1:443 on, all alike. */
    public static Destinations uniform(int count) {
        return new Destinations(DEFAULT_FIRST, count, 0);
    }

    /** From 198.18.0.1:443 on, by Zipf's law. */
    public static Destinations zipf(int count, double skew) {
        return new Destinations(DEFAULT_FIRST, count, skew);
    }

    /**
     * The host of that number.
     *
     * @param index 0 to count - 1
     */
    public Endpoint get(int index) {
        return new Endpoint(first.address().plus(index), first.port());
    }

    /** Draws indices. */
    IntSupplier sampler(RandomGenerator random) {
        if (count == 1) {
            return () -> 0;
        }
        if (skew == 0) {
            return () -> random.nextInt(count);
        }
        DiscreteDistribution.Sampler ranks =
                ZipfDistribution.of(count, skew).createSampler(random::nextLong); // from 1 on
        return () -> ranks.sample() - 1;
    }
}
