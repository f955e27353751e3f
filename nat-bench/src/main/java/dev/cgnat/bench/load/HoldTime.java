package dev.cgnat.bench.load;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.ParetoDistribution;

/** How long the client keeps an established flow before it closes. */
public sealed interface HoldTime {
    /** The next one, in nanoseconds, 0 or more. */
    long sampleNanos(RandomGenerator random);

    /** Draws one after another, in nanoseconds, 0 or more; quicker than asking for each alone. */
    LongSupplier sampler(RandomGenerator random);

    /** The mean in seconds; infinite if there is none. */
    double meanSeconds();

    /**
     * Always the same.
     *
     * @param time 0 or more; 0 is connect-per-request
     */
    record Constant(Duration time) implements HoldTime {
        public Constant {
            if (time.isNegative()) {
                throw new IllegalArgumentException("hold: " + time + " (expected: 0s or more)");
            }
        }

        @Override
        public long sampleNanos(RandomGenerator random) {
            return time.toNanos();
        }

        @Override
        public LongSupplier sampler(RandomGenerator random) {
            long nanos = time.toNanos();
            return () -> nanos;
        }

        @Override
        public double meanSeconds() {
            return seconds(time);
        }

        @Override
        public String toString() {
            return "constant:" + Durations.text(time);
        }
    }

    /** Without memory, as telephone calls are. */
    record Exponential(Duration mean) implements HoldTime {
        public Exponential {
            requirePositive(mean);
        }

        @Override
        public long sampleNanos(RandomGenerator random) {
            return sample(ExponentialDistribution.of(seconds(mean)), random);
        }

        @Override
        public LongSupplier sampler(RandomGenerator random) {
            return HoldTime.sampler(ExponentialDistribution.of(seconds(mean)), random);
        }

        @Override
        public double meanSeconds() {
            return seconds(mean);
        }

        @Override
        public String toString() {
            return "exponential:" + Durations.text(mean);
        }
    }

    /** Most are short and a few very long, as the web is. Given by its median and its 99th percentile. */
    record LogNormal(Duration p50, Duration p99) implements HoldTime {
        private static final double Z99 = NormalDistribution.of(0, 1).inverseCumulativeProbability(0.99);

        public LogNormal {
            requirePositive(p50);
            if (p99.compareTo(p50) <= 0) {
                throw new IllegalArgumentException(
                        "hold: p99=" + Durations.text(p99) + " (expected: more than p50=" + Durations.text(p50) + ")");
            }
        }

        private LogNormalDistribution distribution() {
            double mu = Math.log(seconds(p50));
            return LogNormalDistribution.of(mu, (Math.log(seconds(p99)) - mu) / Z99);
        }

        @Override
        public long sampleNanos(RandomGenerator random) {
            return sample(distribution(), random);
        }

        @Override
        public LongSupplier sampler(RandomGenerator random) {
            return HoldTime.sampler(distribution(), random);
        }

        @Override
        public double meanSeconds() {
            return distribution().getMean();
        }

        @Override
        public String toString() {
            return "lognormal:p50=" + Durations.text(p50) + ",p99=" + Durations.text(p99);
        }
    }

    /**
     * With a heavy tail: few flows hold their ports for most of the time. Given by its least value and its mean.
     *
     * @param mean more than {@code min}; the shape is mean ÷ (mean - min)
     */
    record Pareto(Duration min, Duration mean) implements HoldTime {
        public Pareto {
            requirePositive(min);
            if (mean.compareTo(min) <= 0) {
                throw new IllegalArgumentException("hold: mean=" + Durations.text(mean) + " (expected: more than min="
                        + Durations.text(min) + ")");
            }
        }

        private ParetoDistribution distribution() {
            return ParetoDistribution.of(seconds(min), seconds(mean) / seconds(mean.minus(min)));
        }

        @Override
        public long sampleNanos(RandomGenerator random) {
            return sample(distribution(), random);
        }

        @Override
        public LongSupplier sampler(RandomGenerator random) {
            return HoldTime.sampler(distribution(), random);
        }

        @Override
        public double meanSeconds() {
            return seconds(mean);
        }

        @Override
        public String toString() {
            return "pareto:min=" + Durations.text(min) + ",mean=" + Durations.text(mean);
        }
    }

    /**
     * {@code constant:2s}, {@code exponential:2s}, {@code lognormal:p50=5s,p99=120s} or {@code pareto:min=1s,mean=10s}.
     */
    static HoldTime parse(String text) {
        Matcher logNormal = Syntax.LOG_NORMAL.matcher(text);
        if (logNormal.matches()) {
            return new LogNormal(Durations.parse(logNormal.group(1)), Durations.parse(logNormal.group(2)));
        }
        Matcher pareto = Syntax.PARETO.matcher(text);
        if (pareto.matches()) {
            return new Pareto(Durations.parse(pareto.group(1)), Durations.parse(pareto.group(2)));
        }
        int colon = text.indexOf(':');
        return switch (colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "constant" -> new Constant(Durations.parse(text.substring(colon + 1)));
            case "exponential" -> new Exponential(Durations.parse(text.substring(colon + 1)));
            default ->
                throw new IllegalArgumentException("hold: " + text
                        + " (expected: constant:TIME, exponential:MEAN, lognormal:p50=TIME,p99=TIME"
                        + " or pareto:min=TIME,mean=TIME)");
        };
    }

    /** Keeps the pattern off the interface's public face. */
    final class Syntax {
        private static final Pattern LOG_NORMAL = Pattern.compile("lognormal:p50=([^,]+),p99=([^,]+)");
        private static final Pattern PARETO = Pattern.compile("pareto:min=([^,]+),mean=([^,]+)");

        private Syntax() {}
    }

    private static void requirePositive(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("hold: " + Durations.text(time) + " (expected: more than 0s)");
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static LongSupplier sampler(ContinuousDistribution distribution, RandomGenerator random) {
        ContinuousDistribution.Sampler seconds = distribution.createSampler(random::nextLong);
        return () -> Math.round(seconds.sample() * 1e9);
    }

    private static long sample(ContinuousDistribution distribution, RandomGenerator random) {
        return Math.round(distribution.inverseCumulativeProbability(random.nextDouble()) * 1e9);
    }
}
