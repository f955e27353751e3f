package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
        pairs.opened(Integer.MAX_VALUE);
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

    private List<Integer> counts() {
        return List.of(pairs.inUse(), pairs.held(), pairs.reserved());
    }
}
