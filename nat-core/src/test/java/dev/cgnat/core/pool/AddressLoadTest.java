package dev.cgnat.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressLoadTest {
    private final Random random = new Random(1);

    @Test
    void agreesWithAPlainArrayForAnySequence() {
        int[] model = new int[9];
        AddressLoad load = new AddressLoad(model.length);
        for (int step = 0; step < 20_000; step++) {
            int address = random.nextInt(model.length);
            if (model[address] > 0 && random.nextInt(100) < (step < 10_000 ? 45 : 55)) {
                load.decrement(address);
                model[address]--;
            } else {
                load.increment(address);
                model[address]++;
            }
            assertThat(model[load.least(random)])
                    .isEqualTo(Arrays.stream(model).min().orElseThrow());
            int[] inOrder = IntStream.range(0, model.length)
                    .map(load::byLoad)
                    .map(i -> model[i])
                    .toArray();
            assertThat(inOrder).isSorted();
        }
    }

    @Test
    void equalsAreChosenEquallyOften() {
        AddressLoad load = new AddressLoad(4);
        load.increment(2);
        int[] chosen = new int[4];
        for (int i = 0; i < 3_000; i++) {
            chosen[load.least(random)]++;
        }
        assertThat(chosen[2]).isZero();
        assertThat(chosen[0]).isBetween(900, 1_100);
        assertThat(chosen[1]).isBetween(900, 1_100);
    }
}
