package dev.cgnat.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PointerCycleTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 12, 15})
    void visitsEveryLineOnceBeforeItComesBack(int bits) {
        PointerCycle cycle = new PointerCycle(bits);
        BitSet visited = new BitSet();
        for (int i = 0; i < cycle.lines(); i++) {
            visited.set(cycle.walk(1));
        }
        assertThat(visited.cardinality()).isEqualTo(1 << bits);
        assertThat(visited.length()).isEqualTo(1 << bits);
    }

    @Test
    void aLongWalkArrivesWhereManyShortOnesDo() {
        PointerCycle once = new PointerCycle(10);
        PointerCycle often = new PointerCycle(10);
        int arrived = once.walk(777);
        int last = -1;
        for (int i = 0; i < 777; i++) {
            last = often.walk(1);
        }
        assertThat(arrived).isEqualTo(last);
    }

    /** Else the processor would fetch lines ahead, and a ref would be too short. */
    @Test
    void hasNoCommonStride() {
        PointerCycle cycle = new PointerCycle(12);
        int[] strides = new int[cycle.lines()];
        int before = cycle.walk(1);
        for (int i = 0; i < cycle.lines(); i++) {
            int line = cycle.walk(1);
            strides[line - before & cycle.lines() - 1]++;
            before = line;
        }
        for (int count : strides) {
            assertThat(count).isLessThan(cycle.lines() / 50);
        }
    }
}
