package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairUseTest {
    private final PairUse pairs = new PairUse(Integer.MAX_VALUE, 65_536);

    @Test
    void aPairCountsOnceByItsLiveliestUse() {
        pairs.setAside(7);
        assertThat(counts()).containsExactly(0, 0, 1);
        pairs.opened(7);
        pairs.opened(7);
        assertThat(counts()).containsExactly(1, 0, 0);
        pairs.laidToRest(7);
        assertThat(counts()).containsExactly(1, 0, 0);
        pairs.released(7);
        assertThat(counts()).containsExactly(0, 1, 0);
        pairs.rested(7);
        assertThat(counts()).containsExactly(0, 0, 1);
        pairs.setAsideEnded(7);
        assertThat(counts()).containsExactly(0, 0, 0);
    }

    @Test
    void aPairThatIsSetAsideTwiceIsReservedUntilBothHaveEnded() {
        pairs.setAside(3);
        pairs.setAside(3);
        pairs.setAsideEnded(3);
        assertThat(counts()).containsExactly(0, 0, 1);
        pairs.setAsideEnded(3);
        assertThat(counts()).containsExactly(0, 0, 0);
    }

    @Test
    void neighboursCountApart() {
        for (int pair = 0; pair < 100; pair++) {
            pairs.opened(pair);
        }
        for (int pair = 0; pair < 100; pair += 2) {
            pairs.laidToRest(pair);
        }
        pairs.opened(Integer.MAX_VALUE - 1);
        assertThat(counts()).containsExactly(51, 50, 0);
    }

    @Test
    void aPairWithMoreFlowsThanAByteCountsIsCountedAsItsNeighboursAre() {
        for (int flow = 0; flow < 300; flow++) {
            pairs.opened(7);
        }
        pairs.opened(8);
        for (int flow = 0; flow < 300; flow++) {
            assertThat(counts()).containsExactly(2, 0, 0);
            pairs.laidToRest(7);
        }
        assertThat(counts()).containsExactly(1, 1, 0);
        for (int flow = 0; flow < 300; flow++) {
            assertThat(pairs.isResting(7)).isTrue();
            pairs.rested(7);
        }
        assertThat(counts()).containsExactly(1, 0, 0);
        pairs.released(8);
        pairs.opened(7);
        assertThat(counts()).containsExactly(1, 0, 0);
    }

    @Test
    void aPartBeginsEmptyWhateverWasCountedInItBefore() {
        for (int flow = 0; flow < 300; flow++) {
            pairs.opened(5_000); // 4, 16 and 256 flows need wider counts
        }
        for (int flow = 0; flow < 300; flow++) {
            pairs.laidToRest(5_000);
            pairs.rested(5_000);
        }
        pairs.opened(5_001);
        assertThat(pairs.counts(4_096, 8_191)).isEqualTo(new PairUse.Counts(1, 0, 0));
        assertThat(counts()).containsExactly(1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void countsAreRightWheneverSomebodyAsks(long seed) {
        int size = 10_000;
        PairUse use = new PairUse(size, 1_000);
        int[] live = new int[size];
        int[] resting = new int[size];
        Random random = new Random(seed);
        int inUse = 0;
        int held = 0;
        for (int step = 0; step < 200_000; step++) {
            int pair = random.nextBoolean() ? random.nextInt(size) : 4_090 + random.nextInt(10);
            inUse -= live[pair] > 0 ? 1 : 0;
            held -= live[pair] == 0 && resting[pair] > 0 ? 1 : 0;
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (live[pair] > 0) {
                        live[pair]--;
                        use.released(pair);
                    }
                }
                case 1 -> {
                    if (live[pair] > 0) {
                        live[pair]--;
                        resting[pair]++;
                        use.laidToRest(pair);
                    }
                }
                case 2 -> {
                    if (resting[pair] > 0) {
                        resting[pair]--;
                        use.rested(pair);
                    }
                }
                case 3 -> {
                    if (resting[pair] > 0) {
                        resting[pair]--;
                        live[pair]++;
                        use.revived(pair);
                    }
                }
                default -> {
                    live[pair]++;
                    use.opened(pair);
                }
            }
            inUse += live[pair] > 0 ? 1 : 0;
            held += live[pair] == 0 && resting[pair] > 0 ? 1 : 0;
            if (random.nextInt(20) == 0) {
                assertThat(counts(use)).containsExactly(inUse, held, 0);
                assertThat(use.isCarrying(pair)).isEqualTo(live[pair] + resting[pair] > 0);
                assertThat(use.isResting(pair)).isEqualTo(live[pair] == 0 && resting[pair] > 0);
            }
        }
        assertThat(IntStream.of(use.inUseByGroup()).sum()).isEqualTo(inUse);
    }

    @Test
    void barringReservesThePairsOfAGroupOnWhichNothingLivesOrRests() {
        PairUse groups = new PairUse(2_500, 1_000);
        groups.opened(999);
        groups.opened(1_000);
        groups.opened(1_001);
        groups.laidToRest(1_001);
        groups.opened(2_000);
        groups.setBarred(1, true);
        groups.setBarred(1, true);
        assertThat(counts(groups)).containsExactly(3, 1, 998);
        groups.setBarred(2, true);
        assertThat(counts(groups)).as("the last group is shorter").containsExactly(3, 1, 998 + 499);
        groups.released(1_000);
        groups.rested(1_001);
        assertThat(counts(groups)).containsExactly(2, 0, 1_000 + 499);
        groups.opened(1_500);
        assertThat(counts(groups)).containsExactly(3, 0, 999 + 499);
        groups.setBarred(1, false);
        groups.setBarred(2, false);
        assertThat(counts(groups)).containsExactly(3, 0, 0);
    }

    @Test
    void barringTheHighestGroupEndsAtTheLastPair() {
        int last = Integer.MAX_VALUE - 1;
        pairs.opened(last);
        pairs.setBarred(last / 65_536, true);
        assertThat(counts()).containsExactly(1, 0, 65_534);
        pairs.released(last);
        assertThat(counts()).containsExactly(0, 0, 65_535);
        pairs.setBarred(last / 65_536, false);
        assertThat(counts()).containsExactly(0, 0, 0);
    }

    @Test
    void aBarredGroupCountsRightWhilePairsOfItHaveMoreFlowsThanAByteCounts() {
        PairUse groups = new PairUse(1_000, 100); // all groups are of one part
        for (int flow = 0; flow < 300; flow++) {
            groups.opened(250);
            groups.opened(550);
            groups.laidToRest(550);
        }
        groups.opened(310);
        groups.setBarred(2, true);
        groups.setBarred(5, true);
        assertThat(counts(groups)).containsExactly(2, 1, 99 + 99);
        for (int flow = 0; flow < 299; flow++) {
            groups.released(250);
            groups.rested(550);
        }
        assertThat(counts(groups)).containsExactly(2, 1, 99 + 99);
        groups.released(250);
        groups.rested(550);
        assertThat(counts(groups)).containsExactly(1, 0, 100 + 100);
        for (int flow = 0; flow < 300; flow++) {
            groups.opened(251);
        }
        assertThat(counts(groups)).containsExactly(2, 0, 99 + 100);
        groups.setBarred(2, false);
        groups.setBarred(5, false);
        assertThat(counts(groups)).containsExactly(2, 0, 0);
    }

    @Test
    void aPairThatIsSetAsideInABarredGroupIsReservedOnceAndAsLongAsEitherLasts() {
        PairUse groups = new PairUse(200, 100);
        groups.setAside(150);
        groups.setBarred(1, true);
        groups.setAside(151);
        assertThat(counts(groups)).containsExactly(0, 0, 100);
        groups.setAsideEnded(150);
        assertThat(counts(groups)).containsExactly(0, 0, 100);
        groups.opened(151);
        assertThat(counts(groups)).containsExactly(1, 0, 99);
        groups.setBarred(1, false);
        assertThat(counts(groups)).containsExactly(1, 0, 0);
        groups.released(151);
        assertThat(counts(groups)).as("still set aside").containsExactly(0, 0, 1);
        groups.setAsideEnded(151);
        assertThat(counts(groups)).containsExactly(0, 0, 0);
    }

    private List<Integer> counts() {
        return counts(pairs);
    }

    private static List<Integer> counts(PairUse use) {
        return List.of(use.inUse(), use.held(), use.reserved());
    }
}
