package dev.cgnat.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FullestUnitTest {
    @Test
    void agreesWithAPlainMaximumForAnySequence() {
        Random random = new Random(1);
        FullestUnit fullest = new FullestUnit();
        int[] units = new int[5];
        for (int step = 0; step < 20_000; step++) {
            int unit = random.nextInt(units.length);
            if (units[unit] > 0 && random.nextInt(100) < (step < 10_000 ? 45 : 55)) {
                fullest.fell(--units[unit]);
            } else {
                fullest.rose(++units[unit]);
            }
            assertThat(fullest.occupied()).isEqualTo(Arrays.stream(units).max().orElseThrow());
        }
    }
}
