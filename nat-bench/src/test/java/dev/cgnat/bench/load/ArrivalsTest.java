package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    @Test
    void constantArrivalsStandAtEqualDistancesHoweverLong() {
        Arrivals.Times times = Arrivals.CONSTANT.times(3, random(1));
        assertThat(times.next()).isZero();
        assertThat(times.next()).isEqualTo(333_333_333);
        assertThat(times.next()).isEqualTo(666_666_667);
        long last = 0;
        for (int i = 3; i <= 3_000_000; i++) {
            last = times.next();
        }
        assertThat(last).isEqualTo(1_000_000_000_000_000L);
    }

    @Test
    void poissonGapsHaveTheMeanAndTheDeviationOfAnExponential() {
        long[] gaps = gaps(100_000, 2000, 5);
        double mean = Arrays.stream(gaps).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(gaps)
                .mapToDouble(gap -> (gap - mean) * (gap - mean))
                .average()
                .orElseThrow());
        assertThat(mean).isCloseTo(500_000, within(5_000.0));
        assertThat(deviation).isCloseTo(500_000, within(10_000.0));
    }

    @Test
    void theSameSeedGivesTheSameArrivals() {
        assertThat(gaps(1000, 50, 7)).isEqualTo(gaps(1000, 50, 7)).isNotEqualTo(gaps(1000, 50, 8));
    }

    private static long[] gaps(int count, double perSecond, long seed) {
        Arrivals.Times times = Arrivals.POISSON.times(perSecond, random(seed));
        long[] at = LongStream.generate(times::next).limit(count).toArray();
        long[] gaps = new long[count];
        for (int i = 0; i < count; i++) {
            gaps[i] = at[i] - (i == 0 ? 0 : at[i - 1]);
        }
        return gaps;
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
