package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongSetTest {
    private final LongSet set = new LongSet();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithATreeSetWhileItGrowsAndShrinks(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> model = new TreeSet<>();
        for (int target : new int[] {100, 60_000, 50_000, 200, 90_000, 0}) {
            while (model.size() != target) {
                boolean add = random.nextInt(10) < (model.size() < target ? 7 : 3);
                long number = random.nextLong() >>> 1;
                if (add) {
                    assertThat(set.add(number)).isEqualTo(model.add(number));
                    assertThat(set.add(number)).isFalse();
                } else if (!model.isEmpty()) {
                    Long near = model.ceiling(number);
                    long victim = near == null ? model.first() : near;
                    assertThat(set.remove(victim)).isTrue();
                    assertThat(set.remove(victim)).isFalse();
                    model.remove(victim);
                }
                assertThat(set.contains(number)).isEqualTo(model.contains(number));
            }
            assertThat(set.size()).isEqualTo(model.size());
            assertThat(model).allMatch(set::contains);
        }
    }

    @Test
    void memoryFollowsTheNumberOfEntriesBothWays() {
        Random random = new Random(1);
        long[] numbers = random.longs(500_000).map(number -> number >>> 1).toArray();
        for (int i = 0; i < numbers.length; i++) {
            set.add(numbers[i]);
            if (i > 20_000) {
                assertThat(set.bytes()).isLessThan(11L * (i + 1));
            }
        }
        for (int i = 0; i < numbers.length; i++) {
            set.remove(numbers[i]);
        }
        assertThat(set.size()).isZero();
        assertThat(set.bytes()).isLessThan(20_000);
    }

    @Test
    void nothingButANumberThatIsNoSlotIsMixedToTheGap() {
        assertThat(SparseSlots.mix(0x6989_d1ed_e55c_8c1dL)).isEqualTo(LongSet.NONE); // 63 bits; unit and slot have 62
        assertThat(SparseSlots.mix(Long.MAX_VALUE >>> 1)).isLessThan(LongSet.NONE);
    }

    @Test
    void numbersThatAreNotSpreadAtAllAreKeptAllTheSame() {
        for (long number = 0; number < 3_000; number++) {
            assertThat(set.add(number)).isTrue();
        }
        for (long number = 0; number < 3_000; number++) {
            assertThat(set.remove(number)).isTrue();
        }
        assertThat(set.size()).isZero();
    }
}
