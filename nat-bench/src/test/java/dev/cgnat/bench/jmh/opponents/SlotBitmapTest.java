package dev.cgnat.bench.jmh.opponents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlotBitmapTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "64, 63", "65, 65", "1000, 999", "4096, 2048"})
    void isFilledWithAsManyAsAsked(int slots, int used) {
        SlotBitmap bitmap = SlotBitmap.filled(slots, used, new SplittableRandom(3));
        List<Integer> found = new ArrayList<>();
        bitmap.forEachUsed(found::add);
        assertThat(found).hasSize(used).isSorted().doesNotHaveDuplicates();
        for (int slot = 0; slot < slots; slot++) {
            assertThat(bitmap.isUsed(slot)).isEqualTo(found.contains(slot));
        }
    }

    @Test
    void canBeFilledInEveryWay() {
        SplittableRandom random = new SplittableRandom(3);
        Set<List<Integer>> ways = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            List<Integer> used = new ArrayList<>();
            SlotBitmap.filled(5, 2, random).forEachUsed(used::add);
            ways.add(used);
        }
        assertThat(ways).hasSize(10);
    }

    @Test
    void aSlotIsClaimedOnce() {
        SlotBitmap bitmap = new SlotBitmap(70);
        assertThat(bitmap.claim(69)).isTrue();
        assertThat(bitmap.claim(69)).isFalse();
        assertThat(bitmap.claim(5)).isTrue();
        bitmap.release(69);
        assertThat(bitmap.isUsed(69)).isFalse();
        assertThat(bitmap.isUsed(5)).isTrue();
        assertThat(bitmap.claim(69)).isTrue();
    }
}
