package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.random.KeyedRandom;
import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The selections of RFC 6056 section 3.3, and the two plain ones that count. */
@Tag("rfc6056-3.3")
class Rfc6056Test {
    private static final int TRIALS = 20_000;

    private final KeyedRandom random = KeyedRandom.seeded(2);

    @Test
    void sequentialGoesOnFromTheLastSlotAndRound() {
        UnitFixture fixture = new UnitFixture(4);
        fixture.space.claim(fixture.unit, 1);
        PortSelector selector = PortSelectors.of(PortSelection.SEQUENTIAL, random);
        assertThat(fixture.tried(selector)).isZero();
        assertThat(fixture.tried(selector)).isEqualTo(2);
        assertThat(fixture.tried(selector)).isEqualTo(3);
        assertThat(fixture.tried(selector)).isZero();
    }

    @Test
    void algorithm1PrefersSlotsBehindAUsedRun() {
        UnitFixture fixture = new UnitFixture(10).allUsedBut(2, 5);
        PortSelector selector = PortSelectors.of(PortSelection.RFC6056_1, random);
        assertThat(fixture.percentOf(selector, 2, TRIALS)).isCloseTo(70, within(2.0));
    }

    @Test
    void algorithm2MissesTheOnlyFreeSlotOnceInE() {
        UnitFixture fixture = new UnitFixture(100).allUsedBut(42);
        PortSelector selector = PortSelectors.of(PortSelection.RFC6056_2, random);
        assertThat(fixture.percentOf(selector, PortSpace.NO_SLOT, TRIALS))
                .isCloseTo(100 * Math.pow(0.99, 100), within(2.0));
    }

    @Test
    void algorithm3CountsUpBehindAnOffsetOfClientAndDestination() {
        UnitFixture fixture = new UnitFixture(50_000);
        PortSelector selector = PortSelectors.of(PortSelection.RFC6056_3, random);
        int first = fixture.tried(selector, UnitFixture.flow(1, 1));
        int otherClient = fixture.tried(selector, UnitFixture.flow(2, 1));
        int otherDestination = fixture.tried(selector, UnitFixture.flow(1, 2));
        assertThat(fixture.tried(selector, UnitFixture.flow(1, 1))).isEqualTo((first + 3) % 50_000);
        assertThat(otherClient).isNotCloseTo(first, within(100));
        assertThat(otherDestination).isNotCloseTo(first, within(100)).isNotCloseTo(otherClient, within(100));
    }

    @Test
    void algorithm3CountsTheTriesThatMet() {
        UnitFixture fixture = new UnitFixture(50_000);
        PortSelector selector = PortSelectors.of(PortSelection.RFC6056_3, random);
        int first = fixture.tried(selector);
        fixture.space.claim(fixture.unit, (first + 1) % 50_000);
        fixture.space.claim(fixture.unit, (first + 2) % 50_000);
        assertThat(fixture.tried(selector)).isEqualTo((first + 3) % 50_000);
        assertThat(fixture.tried(selector)).isEqualTo((first + 4) % 50_000);
    }

    @Test
    void algorithm4KeepsTheCountersOfDestinationsApart() {
        UnitFixture fixture = new UnitFixture(50_000);
        PortSelector selector = PortSelectors.of(PortSelection.RFC6056_4, random);
        int first = fixture.tried(selector, UnitFixture.flow(1, 1));
        for (int i = 0; i < 20; i++) {
            fixture.tried(selector, UnitFixture.flow(1, 2));
        }
        assertThat(fixture.tried(selector, UnitFixture.flow(1, 1))).isEqualTo((first + 1) % 50_000);
    }

    @Test
    void algorithm5TakesStepsOfOneTo500() {
        UnitFixture fixture = new UnitFixture(50_000);
        PortSelector selector = PortSelectors.of(PortSelection.RFC6056_5, random);
        BitSet steps = new BitSet();
        int last = fixture.tried(selector);
        for (int i = 0; i < 10_000; i++) {
            int slot = fixture.tried(selector);
            steps.set(Math.floorMod(slot - last, 50_000));
            last = slot;
        }
        assertThat(steps.cardinality()).isEqualTo(500);
        assertThat(steps.nextSetBit(0)).isOne();
        assertThat(steps.length() - 1).isEqualTo(500);
    }

    @Test
    void algorithm5TriesAsOftenAsThereAreSlots() {
        UnitFixture fixture = new UnitFixture(100).allUsedBut();
        assertThat(fixture.tried(PortSelectors.of(PortSelection.RFC6056_5, random)))
                .isEqualTo(PortSpace.NO_SLOT);
        assertThat(fixture.view.probes()).isEqualTo(100);
    }
}
