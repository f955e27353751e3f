package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HoldTimeTest {
    @Test
    void constantIsAlwaysTheSame() {
        assertThat(samples("constant:250ms")).containsOnly(250_000_000L);
        assertThat(HoldTime.parse("constant:250ms").meanSeconds()).isEqualTo(0.25);
    }

    @Test
    void exponentialHasItsMean() {
        double mean = Arrays.stream(samples("exponential:2s")).average().orElseThrow();
        assertThat(mean / 1e9).isCloseTo(2, within(0.05));
        assertThat(HoldTime.parse("exponential:2s").meanSeconds()).isEqualTo(2);
    }

    @Test
    void logNormalHasItsMedianAndItsNinetyNinthPercentile() {
        long[] samples = samples("lognormal:p50=5s,p99=120s");
        Arrays.sort(samples);
        assertThat(samples[samples.length / 2] / 1e9).isCloseTo(5, within(0.2));
        assertThat(samples[samples.length / 100 * 99] / 1e9).isCloseTo(120, within(10.0));
        assertThat(HoldTime.parse("lognormal:p50=5s,p99=120s").meanSeconds()).isCloseTo(12.7, within(0.1));
    }

    @Test
    void isSpelledAsItIsRead() {
        assertThat(HoldTime.parse("lognormal:p50=5s,p99=2m")).hasToString("lognormal:p50=5s,p99=2m");
        assertThat(HoldTime.parse("constant:0s")).hasToString("constant:0s");
        assertThat(HoldTime.parse("exponential:1.5s")).hasToString("exponential:1.5s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2s",
                "uniform:2s",
                "constant:2",
                "constant:-2s",
                "exponential:0s",
                "lognormal:p50=5s",
                "lognormal:p50=5s,p99=5s"
            })
    void namesWhatItExpects(String text) {
        assertThatThrownBy(() -> HoldTime.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    private static long[] samples(String text) {
        HoldTime hold = HoldTime.parse(text);
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        return LongStream.generate(() -> hold.sampleNanos(random)).limit(50_000).toArray();
    }
}
