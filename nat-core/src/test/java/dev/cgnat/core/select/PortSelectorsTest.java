package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.random.KeyedRandom;
import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all selections have in common, and what all exact ones have. */
class PortSelectorsTest {
    private final KeyedRandom random = KeyedRandom.seeded(1);

    @ParameterizedTest
    @EnumSource
    @Tag("rfc6056-3.3")
    void anEmptyUnitIsNeverRefused(PortSelection selection) {
        for (int size : new int[] {1, 2, 3, 128, 129, 1_000}) {
            UnitFixture fixture = new UnitFixture(size);
            PortSelector selector = PortSelectors.of(selection, random);
            for (int i = 0; i < 50; i++) {
                assertThat(fixture.tried(selector)).isBetween(0, size - 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFullUnitIsRefusedAndLeftAsItWas(PortSelection selection) {
        UnitFixture fixture = new UnitFixture(300).allUsedBut();
        assertThat(PortSelectors.of(selection, random).claim(fixture.view, UnitFixture.FLOW))
                .isEqualTo(PortSpace.NO_SLOT);
        assertThat(fixture.space.used(fixture.unit)).isEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource
    void noSlotIsLentTwice(PortSelection selection) {
        UnitFixture fixture = new UnitFixture(200);
        PortSelector selector = PortSelectors.of(selection, random);
        BitSet lent = new BitSet();
        for (int i = 0; i < 400; i++) {
            int slot = selector.claim(fixture.view, UnitFixture.FLOW);
            if (slot != PortSpace.NO_SLOT) {
                assertThat(lent.get(slot)).isFalse();
                lent.set(slot);
            }
        }
        assertThat(fixture.space.used(fixture.unit)).isEqualTo(lent.cardinality());
    }

    @ParameterizedTest
    @EnumSource
    void noSlotOfTheOverlayIsLent(PortSelection selection) {
        UnitFixture fixture = new UnitFixture(100);
        int overlay = fixture.space.unit(UnitKey.anyRemote(Protocol.TCP, 1), 100);
        for (int slot = 0; slot < 90; slot++) {
            fixture.space.claim(overlay, slot);
        }
        fixture.view.look(fixture.unit, overlay, 50);
        PortSelector selector = PortSelectors.of(selection, random);
        for (int i = 0; i < 20; i++) {
            int slot = selector.claim(fixture.view, UnitFixture.FLOW);
            assertThat(slot == PortSpace.NO_SLOT || slot >= 90).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNIFORM", "SEQUENTIAL", "RFC6056_1", "RFC6056_3", "RFC6056_4", "LEAST_RECENTLY_FREED", "PF"})
    void theExactOnesFindTheLastFreeSlotWhereverItIs(PortSelection selection) {
        PortSelector selector = PortSelectors.of(selection, random);
        for (int size : new int[] {1, 2, 7, 200}) {
            for (int free = 0; free < size; free++) {
                assertThat(new UnitFixture(size).allUsedBut(free).tried(selector))
                        .isEqualTo(free);
                selector.forgotten(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameSeedGivesTheSameSlots(PortSelection selection) {
        assertThat(thousandSlots(selection)).isEqualTo(thousandSlots(selection));
    }

    private static int[] thousandSlots(PortSelection selection) {
        UnitFixture fixture = new UnitFixture(2_000);
        PortSelector selector = PortSelectors.of(selection, KeyedRandom.seeded(9));
        int[] slots = new int[1_000];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = selector.claim(fixture.view, UnitFixture.FLOW);
        }
        return slots;
    }
}
