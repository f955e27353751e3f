package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Protocol;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Draws one slot of those that are legal, again and again, and gives it back. With k legal slots of equal probability the
 * statistic has mean k - 1 and variance 2 (k - 1); the bound is 4 standard deviations above. Where there are more than 1,000
 * legal slots they are counted in 1,000 groups.
 */
class PortSpaceUniformityTest {
    private final Random random = new Random(42);
    private final PortSpace space = new PortSpace();

    @ParameterizedTest
    @CsvSource({
        "64512, 0",
        "64512, 0.5",
        "64512, 0.99",
        "64512, 0.9999",
        "1000000, 0.5",
        "1000000, 0.9999",
        "300, 0",
        "9, 0",
        "9, 0.5"
    })
    @Tag("rfc6056-3.3")
    @Tag("rfc6888-req15")
    void everyFreeSlotIsDrawnEquallyOften(int size, double occupancy) {
        int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), size);
        BitSet legal = new BitSet(size);
        legal.set(0, size);
        for (int i = 0; i < (int) (size * occupancy); i++) {
            legal.clear(space.claimUniform(unit, PortSpace.NO_UNIT, random));
        }
        drawsEquallyOften(unit, PortSpace.NO_UNIT, legal);
    }

    @ParameterizedTest
    @CsvSource({
        "64512, 0, 0.5",
        "64512, 0.5, 0",
        "64512, 0.45, 0.45",
        "64512, 0.9, 0.0999",
        "64512, 0.01, 0.01",
        "9, 0.4, 0.4"
    })
    @Tag("rfc6056-3.3")
    void everySlotThatNeitherUnitUsesIsDrawnEquallyOften(int size, double occupancy, double overlaid) {
        int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), size);
        int overlay = space.unit(UnitKey.anyRemote(Protocol.TCP, 1), size);
        BitSet legal = new BitSet(size);
        legal.set(0, size);
        for (int i = 0; i < (int) (size * occupancy); i++) {
            legal.clear(space.claimUniform(unit, PortSpace.NO_UNIT, random));
        }
        for (int i = 0; i < (int) (size * overlaid); i++) {
            legal.clear(space.claimUniform(overlay, unit, random));
        }
        drawsEquallyOften(unit, overlay, legal);
    }

    /** Each time a unit of its own fills from empty, so that slot number {@code nth} comes before, at or after promotion. */
    @ParameterizedTest
    @CsvSource({"20, 3", "20, 7", "20, 8", "20, 20", "2000, 60", "2000, 500", "2000, 1999"})
    @Tag("rfc6056-3.3")
    void theNthSlotOfAFreshUnitMayBeAny(int size, int nth) {
        int groups = 20;
        int repetitions = 200 * groups;
        int promoted = 0;
        int[] drawn = new int[groups];
        for (int i = 0; i < repetitions; i++) {
            int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, i), size);
            int slot = -1;
            for (int claims = 0; claims < nth; claims++) {
                slot = space.claimUniform(unit, PortSpace.NO_UNIT, random);
            }
            drawn[slot * groups / size]++;
            promoted += space.dense(unit) == null ? 0 : 1;
            for (int used = 0; used < size; used++) {
                if (space.isUsed(unit, used)) {
                    space.release(unit, used);
                }
            }
            assertThat(space.tidy(unit)).isTrue();
        }
        assertThat(promoted).matches(count -> nth < size / 10 || count > 0);
        int[] equal = new int[groups];
        Arrays.fill(equal, 1);
        isFlat(drawn, equal, groups, repetitions);
    }

    /** Every draw must come from what a unit leaves free that was promoted a moment ago, with all its slots left behind. */
    @ParameterizedTest
    @CsvSource({"4000, 100", "4000, 400", "1000000, 20000"})
    @Tag("rfc6056-3.3")
    void slotsThatWereLeftBehindDoNotDistortTheDraw(int size, int used) {
        int groups = 100;
        int[] drawn = new int[groups];
        int[] slotsIn = new int[groups];
        int repetitions = 100 * groups;
        int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), size);
        BitSet legal = new BitSet(size);
        legal.set(0, size);
        while (size - legal.cardinality() < used) {
            int slot = random.nextInt(size / 3); // so that low slots are mostly taken
            if (legal.get(slot)) {
                legal.clear(slot);
                space.claim(unit, slot);
            }
        }
        int[] rankOf = ranks(legal, size);
        int free = legal.cardinality();
        for (int rank = 0; rank < free; rank++) {
            slotsIn[(int) ((long) rank * groups / free)]++;
        }
        for (int i = 0; i < repetitions; i++) {
            int slot = space.claimUniform(unit, PortSpace.NO_UNIT, random);
            assertThat(legal.get(slot)).isTrue();
            drawn[(int) ((long) rankOf[slot] * groups / free)]++;
            space.release(unit, slot);
        }
        isFlat(drawn, slotsIn, free, repetitions);
    }

    private void drawsEquallyOften(int unit, int overlay, BitSet legal) {
        int free = legal.cardinality();
        int[] rankOf = ranks(legal, space.size(unit));
        int groups = Math.min(free, 1_000);
        int[] slotsIn = new int[groups];
        for (int rank = 0; rank < free; rank++) {
            slotsIn[(int) ((long) rank * groups / free)]++;
        }
        int draws = groups * 200;
        int[] drawn = new int[groups];
        for (int i = 0; i < draws; i++) {
            int slot = space.claimUniform(unit, overlay, random);
            assertThat(legal.get(slot)).isTrue();
            drawn[(int) ((long) rankOf[slot] * groups / free)]++;
            space.release(unit, slot);
        }
        isFlat(drawn, slotsIn, free, draws);
    }

    private static int[] ranks(BitSet legal, int size) {
        int[] rankOf = new int[size];
        int rank = 0;
        for (int slot = legal.nextSetBit(0); slot >= 0; slot = legal.nextSetBit(slot + 1)) {
            rankOf[slot] = rank++;
        }
        return rankOf;
    }

    private static void isFlat(int[] drawn, int[] slotsIn, int slots, int draws) {
        double statistic = 0;
        for (int group = 0; group < drawn.length; group++) {
            double expected = (double) draws * slotsIn[group] / slots;
            statistic += (drawn[group] - expected) * (drawn[group] - expected) / expected;
        }
        assertThat(statistic).isLessThan(drawn.length - 1 + 8 + 4 * Math.sqrt(2.0 * (drawn.length - 1)));
    }
}
