package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The searches of other NATs keep, try and give up as the originals do. */
class ImitationsTest {
    private static final int TRIALS = 20_000;

    private final KeyedRandom random = KeyedRandom.seeded(3);

    @ParameterizedTest
    @EnumSource(names = {"LINUX_NF", "VPP", "CILIUM", "CILIUM_128"})
    void theClientsPortIsKeptIfItIsFree(PortSelection selection) {
        UnitFixture fixture = new UnitFixture(1_000);
        PortSelector selector = PortSelectors.of(selection, random);
        fixture.look(123);
        assertThat(selector.claim(fixture.view, UnitFixture.FLOW)).isEqualTo(123);
        assertThat(selector.claim(fixture.view, UnitFixture.FLOW)).isNotEqualTo(123);
    }

    @Test
    void pfKeepsNoPort() {
        UnitFixture fixture = new UnitFixture(1_000);
        fixture.look(123);
        assertThat(fixture.percentOf(selector(PortSelection.PF), 123, TRIALS)).isCloseTo(0.1, within(0.1));
    }

    @ParameterizedTest
    @CsvSource({"VPP, 10", "CILIUM, 32", "CILIUM_128, 128", "LINUX_NF, 248", "PF, 10000"})
    void searchEndsAfterItsNumberOfTries(PortSelection selection, int tries) {
        UnitFixture fixture = new UnitFixture(10_000).allUsedBut();
        assertThat(fixture.tried(selector(selection))).isEqualTo(PortSpace.NO_SLOT);
        assertThat(fixture.view.probes()).isEqualTo(tries);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void vppGivesUpWithTheProbabilityThatTenDrawsMiss(int free) {
        UnitFixture fixture = new UnitFixture(100).allUsedBut();
        for (int slot = 0; slot < free; slot++) {
            fixture.space.release(fixture.unit, slot);
        }
        assertThat(fixture.percentOf(selector(PortSelection.VPP), PortSpace.NO_SLOT, TRIALS))
                .isCloseTo(100 * Math.pow(1 - free / 100.0, 10), within(2.0));
    }

    @Test
    void vppNeverKeepsTheLowestPort() {
        UnitFixture fixture = new UnitFixture(1_000);
        fixture.look(0);
        assertThat(fixture.percentOf(selector(PortSelection.VPP), 0, TRIALS)).isCloseTo(0.1, within(0.1));
    }

    @Test
    void netfilterSearchesASmallRangeOnceAndAsAWhole() {
        UnitFixture fixture = new UnitFixture(128).allUsedBut(77);
        PortSelector selector = selector(PortSelection.LINUX_NF);
        assertThat(fixture.percentOf(selector, 77, 1_000)).isEqualTo(100);
        assertThat(fixture.view.probes()).isLessThanOrEqualTo(128 * 1_000);
        fixture.allUsedBut();
        long before = fixture.view.probes();
        fixture.tried(selector);
        assertThat(fixture.view.probes() - before).isEqualTo(128);
    }

    @Test
    void netfilterFindsTheOnlyFreeSlotInFiveWindows() {
        UnitFixture fixture = new UnitFixture(4_096).allUsedBut(1_000);
        double missed =
                (1 - 128 / 4_096.0) * (1 - 64 / 4_096.0) * (1 - 32 / 4_096.0) * (1 - 16 / 4_096.0) * (1 - 8 / 4_096.0);
        assertThat(fixture.percentOf(selector(PortSelection.LINUX_NF), PortSpace.NO_SLOT, TRIALS))
                .isCloseTo(100 * missed, within(1.0));
    }

    @Test
    void netfilterTakesTheFirstSlotsOfARangeTwiceAsOften() {
        UnitFixture fixture = new UnitFixture(40_000); // 65,536 offsets: 25,536 slots are met by two of them
        PortSelector selector = selector(PortSelection.LINUX_NF);
        int first = 0;
        for (int i = 0; i < TRIALS; i++) {
            first += fixture.tried(selector) < 25_536 ? 1 : 0;
        }
        assertThat(100.0 * first / TRIALS).isCloseTo(100 * 51_072 / 65_536.0, within(2.0));
    }

    @ParameterizedTest
    @ValueSource(ints = {32_767, 0, 16_384, 24_576, 32_766})
    void ciliumAlwaysComesToTheSameFewSlots(int free) {
        UnitFixture fixture = new UnitFixture(32_768).allUsedBut(free);
        assertThat(fixture.percentOf(selector(PortSelection.CILIUM), free, 1_000))
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_383, 20_000})
    void ciliumHardlyEverComesToAnother(int free) {
        UnitFixture fixture = new UnitFixture(32_768).allUsedBut(free);
        assertThat(fixture.percentOf(selector(PortSelection.CILIUM), free, 1_000))
                .isLessThan(1);
    }

    @Test
    void ciliumOf128TriesLooksAtEverySecondSlot() {
        UnitFixture fixture = new UnitFixture(1_001).allUsedBut(500);
        PortSelector selector = selector(PortSelection.CILIUM_128);
        assertThat(fixture.percentOf(selector, 500, TRIALS)).isCloseTo(12.8, within(1.0));
        fixture.allUsedBut(1_000);
        assertThat(fixture.percentOf(selector, 1_000, TRIALS)).isZero();
        fixture.look(1_000);
        assertThat(fixture.tried(selector)).isEqualTo(1_000);
    }

    @Test
    void pfTurnsBackAtTheTop() {
        UnitFixture fixture = new UnitFixture(10).allUsedBut(2, 5);
        assertThat(fixture.percentOf(selector(PortSelection.PF), 2, TRIALS)).isCloseTo(30, within(2.0));
    }

    private PortSelector selector(PortSelection selection) {
        return PortSelectors.of(selection, random);
    }
}
