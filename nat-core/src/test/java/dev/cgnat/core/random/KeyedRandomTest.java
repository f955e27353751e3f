package dev.cgnat.core.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedRandomTest {
    private static final int LONGS_PER_KEY = (16_384 - 32) / Long.BYTES;

    @Test
    void numbersAreTheCiphertextOfCountersBehindTheNextKey() {
        KeyedRandom random = KeyedRandom.seeded(42); // expected: openssl enc -aes-256-ecb of the blocks 2 and 3
        assertThat(random.nextLong()).isEqualTo(0xdb2a_1574_6758_0676L);
        assertThat(random.nextLong()).isEqualTo(0x2a23_907a_9fd6_ce9aL);
        assertThat(KeyedRandom.seeded(42).nextInt()).isEqualTo(0x6758_0676);
    }

    @Test
    void blocks0And1AreTheNextKey() {
        KeyedRandom random = KeyedRandom.seeded(42);
        IntStream.range(0, LONGS_PER_KEY).forEach(i -> random.nextLong());
        assertThat(random.nextLong()).isEqualTo(0x9bf8_a148_f2b4_3b35L);
    }

    @Test
    void sameSeedGivesTheSameNumbersWhateverIsDrawn() {
        KeyedRandom one = KeyedRandom.seeded(1);
        KeyedRandom other = KeyedRandom.seeded(1);
        for (int i = 1; i < 10_000; i++) {
            assertThat(one.nextInt(i)).isEqualTo(other.nextInt(i));
            assertThat(one.nextLong()).isEqualTo(other.nextLong());
            assertThat(one.nextInt()).isEqualTo(other.nextInt());
        }
    }

    @Test
    void otherSeedsGiveOtherNumbers() {
        assertThat(IntStream.range(0, 1_000)
                        .mapToLong(seed -> KeyedRandom.seeded(seed).nextLong())
                        .distinct())
                .hasSize(1_000);
        assertThat(KeyedRandom.from(new Random(1)).nextLong())
                .isNotEqualTo(KeyedRandom.from(new Random(2)).nextLong());
    }

    @Test
    void seedIsCopied() {
        byte[] seed = new byte[KeyedRandom.SEED_BYTES];
        KeyedRandom random = new KeyedRandom(seed);
        seed[0] = 1;
        assertThat(random.nextLong()).isEqualTo(KeyedRandom.seeded(0).nextLong());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64, 100})
    void boundedNumbersAreEquallyFrequent(int bound) {
        KeyedRandom random = KeyedRandom.seeded(bound);
        int[] counts = new int[bound];
        int expected = 10_000;
        for (int i = 0; i < bound * expected; i++) {
            counts[random.nextInt(bound)]++;
        }
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (double) (count - expected) * (count - expected) / expected;
        }
        assertThat(chiSquare).isLessThan(bound - 1 + 4 * Math.sqrt(2.0 * bound));
    }

    @Test
    void boundThatDoesNotDivideTheRangeIsDrawnAgainInsteadOfBent() {
        int bound = 3 << 29; // of 2^32 draws one in four would be surplus, and favour every third number
        KeyedRandom random = KeyedRandom.seeded(11);
        int[] counts = new int[3];
        for (int i = 0; i < 300_000; i++) {
            counts[random.nextInt(bound) % 3]++;
        }
        assertThat(IntStream.of(counts)).allMatch(count -> count > 99_000 && count < 101_000);
    }

    @Test
    void largestBoundIsServed() {
        KeyedRandom random = KeyedRandom.seeded(12);
        BitSet highBits = new BitSet();
        for (int i = 0; i < 1_000; i++) {
            highBits.set(random.nextInt(Integer.MAX_VALUE) >>> 24);
        }
        assertThat(highBits.cardinality()).isGreaterThan(120).isLessThanOrEqualTo(128);
    }

    @Test
    void boundBelowOneIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyedRandom.seeded(1).nextInt(0))
                .withMessage("bound: 0 (expected: at least 1)");
    }

    @Test
    void seedOfAnotherLengthIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyedRandom(new byte[31]))
                .withMessage("seed: 31 bytes (expected: 32)");
    }
}
