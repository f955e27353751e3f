package dev.cgnat.bench.jmh.opponents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each tries the slots that its original tries, and gives up where that does. */
final class OpponentsTest {
    private static final int SLOTS = 10_000;
    private static final int[] WINDOWS = {1_000, 2_000, 3_000, 4_000, 5_000};

    static Stream<Arguments> opponents() {
        return Stream.<BiFunction<SlotBitmap, RandomGenerator, PortAllocator>>of(
                        NetfilterWindows::new, VppTries::new, CiliumProbes::new, LinearScan::new, MapProbing::new)
                .flatMap(factory -> IntStream.of(1, 7, 128, 129, 500).mapToObj(slots -> Arguments.of(factory, slots)));
    }

    @ParameterizedTest
    @MethodSource("opponents")
    void grantsOnlyFreeSlotsAndARefusalChangesNothing(
            BiFunction<SlotBitmap, RandomGenerator, PortAllocator> factory, int slots) {
        SplittableRandom random = new SplittableRandom(slots);
        PortAllocator opponent = factory.apply(SlotBitmap.filled(slots, slots / 2, new SplittableRandom(9)), random);
        BitSet model = new BitSet();
        SlotBitmap.filled(slots, slots / 2, new SplittableRandom(9)).forEachUsed(model::set);
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(5) < 3 || model.isEmpty()) {
                int slot = opponent.grant();
                if (slot != PortAllocator.REFUSED) {
                    assertThat(slot).isBetween(0, slots - 1);
                    assertThat(model.get(slot)).as("slot %d is used", slot).isFalse();
                    model.set(slot);
                } else {
                    assertThat(model.cardinality()).as("used when refused").isGreaterThan(slots / 2);
                }
            } else {
                int slot = model.nextSetBit(random.nextInt(model.length()));
                opponent.release(slot);
                model.clear(slot);
            }
        }
        model.stream().forEach(opponent::release);
        int granted = 0;
        while (opponent.grant() != PortAllocator.REFUSED) {
            granted++;
        }
        assertThat(granted).isPositive().isLessThanOrEqualTo(slots);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1", "1127, 1", "2000, 2", "2063, 2", "3031, 3", "4015, 4", "5007, 5"})
    void netfilterFindsTheFreeSlotAtTheEndOfEachWindow(int free, int draws) {
        ScriptedRandom random = new ScriptedRandom(WINDOWS);
        assertThat(new NetfilterWindows(allUsedBut(SLOTS, free), random).grant())
                .isEqualTo(free);
        assertThat(random.drawn()).isEqualTo(draws);
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1_128, 2_064, 3_032, 4_016, 5_008})
    void netfilterGivesUpOnASlotBehindEveryWindow(int free) {
        ScriptedRandom random = new ScriptedRandom(WINDOWS);
        assertThat(new NetfilterWindows(allUsedBut(SLOTS, free), random).grant())
                .isEqualTo(PortAllocator.REFUSED);
        assertThat(random.drawn()).isEqualTo(WINDOWS.length);
    }

    @Test
    void netfilterGoesRoundAtTheEndOfTheRange() {
        assertThat(new NetfilterWindows(allUsedBut(SLOTS, 26), new ScriptedRandom(SLOTS - 101)).grant())
                .isEqualTo(26);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 128})
    void netfilterSearchesASmallRangeWhole(int slots) {
        for (int start = 0; start < slots; start++) {
            NetfilterWindows netfilter =
                    new NetfilterWindows(allUsedBut(slots, slots - 1), new ScriptedRandom(start, start));
            assertThat(netfilter.grant()).isEqualTo(slots - 1);
            assertThat(netfilter.grant()).isEqualTo(PortAllocator.REFUSED);
        }
    }

    @Test
    void vppFindsTheSlotOfItsTenthTry() {
        ScriptedRandom random = new ScriptedRandom(1, 2, 3, 4, 5, 6, 7, 8, 9, 77);
        assertThat(new VppTries(allUsedBut(SLOTS, 77), random).grant()).isEqualTo(77);
    }

    @Test
    void vppGivesUpAfterTenTriesAlthoughASlotIsFree() {
        ScriptedRandom random = new ScriptedRandom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 77);
        assertThat(new VppTries(allUsedBut(SLOTS, 77), random).grant()).isEqualTo(PortAllocator.REFUSED);
        assertThat(random.drawn()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"600, 1", "700, 2", "701, 2", "730, 2"})
    void ciliumProbesTheOwnPortThenThirtyOneFromAnother(int free, int draws) {
        ScriptedRandom random = new ScriptedRandom(600, 700);
        assertThat(new CiliumProbes(allUsedBut(SLOTS, free), random).grant()).isEqualTo(free);
        assertThat(random.drawn()).isEqualTo(draws);
    }

    @ParameterizedTest
    @ValueSource(ints = {599, 601, 699, 731})
    void ciliumGivesUpAfterThirtyTwo(int free) {
        ScriptedRandom random = new ScriptedRandom(600, 700);
        assertThat(new CiliumProbes(allUsedBut(SLOTS, free), random).grant()).isEqualTo(PortAllocator.REFUSED);
    }

    @Test
    void ciliumReachesTheLastSlotOnlyAsTheOwnPort() {
        int last = SLOTS - 1;
        assertThat(new CiliumProbes(allUsedBut(SLOTS, last), new ScriptedRandom(last)).grant())
                .isEqualTo(last);
        assertThat(new CiliumProbes(allUsedBut(SLOTS, last), new ScriptedRandom(5, last - 3)).grant())
                .isEqualTo(PortAllocator.REFUSED);
        assertThat(new CiliumProbes(allUsedBut(SLOTS, 0), new ScriptedRandom(5, last - 3)).grant())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 299})
    void aLinearScanFindsTheOnlyFreeSlotFromEverywhere(int free) {
        for (int start = 0; start < 300; start++) {
            LinearScan scan = new LinearScan(allUsedBut(300, free), new ScriptedRandom(start, start));
            assertThat(scan.grant()).isEqualTo(free);
            assertThat(scan.grant()).isEqualTo(PortAllocator.REFUSED);
        }
    }

    @Test
    void mapProbingGoesOnUntilItFindsTheOnlyFreeSlot() {
        ScriptedRandom random = new ScriptedRandom(IntStream.range(0, 400).toArray());
        MapProbing probing = new MapProbing(allUsedBut(400, 399), random);
        assertThat(probing.grant()).isEqualTo(399);
        assertThat(probing.grant()).isEqualTo(PortAllocator.REFUSED);
        assertThat(random.drawn()).isEqualTo(400);
    }

    private static SlotBitmap allUsedBut(int slots, int free) {
        SlotBitmap bitmap = SlotBitmap.filled(slots, slots, new SplittableRandom(1));
        bitmap.release(free);
        return bitmap;
    }
}
