package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.random.KeyedRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rfc4787-req4")
@Tag("rfc7857-9")
class PortParityTest {
    private final PortParity parity = new PortParity(KeyedRandom.seeded(4), slot -> 1_025 + slot);

    @Test
    void evenClientPortGetsAnEvenPortAndOddAnOdd() {
        UnitFixture fixture = new UnitFixture(1_000);
        for (int i = 0; i < 200; i++) {
            assertThat((1_025 + parity.claim(fixture.view, 40_000)) % 2).isZero();
            assertThat((1_025 + parity.claim(fixture.view, 40_001)) % 2).isOne();
        }
        assertThat(fixture.space.used(fixture.unit)).isEqualTo(400);
    }

    @Test
    void everySlotOfTheParityIsLentAndThenNone() {
        UnitFixture fixture = new UnitFixture(100);
        int[] odd = IntStream.generate(() -> parity.claim(fixture.view, 7))
                .limit(50)
                .sorted()
                .toArray();
        assertThat(odd).isEqualTo(IntStream.range(0, 50).map(i -> 2 * i).toArray());
        assertThat(parity.claim(fixture.view, 7)).isEqualTo(PortSpace.NO_SLOT);
        assertThat(fixture.space.used(fixture.unit)).isEqualTo(50);
    }

    @Test
    void theOnlySlotOfTheParityIsFoundAmongManyOthers() {
        for (int only = 1; only < 2_000; only += 200) {
            UnitFixture fixture = new UnitFixture(2_000);
            for (int slot = 1; slot < 2_000; slot += 2) {
                if (slot != only) {
                    fixture.space.claim(fixture.unit, slot);
                }
            }
            assertThat(parity.claim(fixture.view, 8)).isEqualTo(only);
        }
    }

    @Test
    void fullUnitHasNone() {
        assertThat(parity.claim(new UnitFixture(4).allUsedBut().view, 8)).isEqualTo(PortSpace.NO_SLOT);
    }

    @Test
    @Tag("rfc7857-10")
    void slotsOfTheParityAreEquallyLikelyHoweverTheyStand() {
        UnitFixture fixture = new UnitFixture(100).allUsedBut(1, 3, 90, 99);
        int[] hits = new int[100];
        for (int i = 0; i < 20_000; i++) {
            int slot = parity.claim(fixture.view, 8);
            hits[slot]++;
            fixture.space.release(fixture.unit, slot);
        }
        assertThat(hits[1]).isCloseTo(20_000 / 3, within(300));
        assertThat(hits[3]).isCloseTo(20_000 / 3, within(300));
        assertThat(hits[99]).isCloseTo(20_000 / 3, within(300));
    }
}
