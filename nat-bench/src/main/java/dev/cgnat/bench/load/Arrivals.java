package dev.cgnat.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.ExponentialDistribution;

/** When flows begin, whatever becomes of the earlier ones (open loop). */
public enum Arrivals {
    /** At equal distances. */
    CONSTANT {
        @Override
        public Times times(double perSecond, RandomGenerator random) {
            double gap = TimeUnit.SECONDS.toNanos(1) / perSecond;
            return new Times() {
                private long count;

                @Override
                public long next() {
                    return Math.round(gap * count++); // a product, not a sum: the error does not grow
                }
            };
        }
    },
    /** Independent of one another, with exponential distances. */
    POISSON {
        @Override
        public Times times(double perSecond, RandomGenerator random) {
            ContinuousDistribution.Sampler gaps = ExponentialDistribution.of(TimeUnit.SECONDS.toNanos(1) / perSecond)
                    .createSampler(random::nextLong);
            return new Times() {
                private double at;

                @Override
                public long next() {
                    at += gaps.sample();
                    return Math.round(at);
                }
            };
        }
    };

    /** A sequence of moments. */
    public interface Times {
        /** The next one, in nanoseconds from the beginning; never decreases. */
        long next();
    }

    /**
     * The moments of a new run.
     *
     * @param perSecond more than 0
     */
    public abstract Times times(double perSecond, RandomGenerator random);
}
