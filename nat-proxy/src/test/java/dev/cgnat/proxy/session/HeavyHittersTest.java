package dev.cgnat.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeavyHittersTest {
    @Test
    void sumsOfFewKeysAreExact() {
        HeavyHitters<String> hitters = new HeavyHitters<>(3);
        hitters.add("a", 5);
        hitters.add("b", 1);
        hitters.add("a", 2);

        assertThat(hitters.hits())
                .containsExactlyInAnyOrder(new HeavyHitters.Hit<>("a", 7, 0), new HeavyHitters.Hit<>("b", 1, 0));
        assertThat(hitters.missing()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noSumIsTooLowAndNoneTooHighByMoreThanItsError(long seed) {
        Random random = new Random(seed);
        HeavyHitters<Integer> hitters = new HeavyHitters<>(50);
        Map<Integer, Long> truth = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int key = (int) Math.abs(random.nextGaussian() * 200);
            long amount = random.nextInt(10);
            hitters.add(key, amount);
            truth.merge(key, amount, Long::sum);
        }
        List<HeavyHitters.Hit<Integer>> hits = hitters.hits();
        assertThat(hits).hasSize(50).allSatisfy(hit -> {
            long exact = truth.getOrDefault(hit.key(), 0L);
            assertThat(exact).isBetween(hit.sum() - hit.error(), hit.sum());
            truth.remove(hit.key());
        });
        assertThat(truth.values()).allSatisfy(missed -> assertThat(missed).isLessThanOrEqualTo(hitters.missing()));
    }
}
