package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitViewTest {
    private final UnitFixture fixture = new UnitFixture(10);
    private final UnitView view = fixture.view;

    @Test
    void eachLookAtASlotIsAProbe() {
        view.claim(3);
        view.isFree(3);
        assertThat(view.probes()).isEqualTo(2);
        assertThat(view.lastProbed()).isEqualTo(3);
    }

    @Test
    void uniformDrawIsOneProbe() {
        int slot = view.claimUniform(new Random(1));
        assertThat(view.probes()).isOne();
        assertThat(view.lastProbed()).isEqualTo(slot);
    }

    @Test
    void nextFreeCountsWhatASearchWouldHaveLookedAt() {
        fixture.allUsedBut(2);
        assertThat(view.nextFree(0)).isEqualTo(2);
        assertThat(view.probes()).isEqualTo(3);
        assertThat(view.nextFree(5)).isEqualTo(2);
        assertThat(view.probes()).isEqualTo(3 + 8);
    }

    @Test
    void nextFreeOfAFullUnitHasLookedAtEverySlot() {
        fixture.allUsedBut();
        assertThat(view.nextFree(4)).isEqualTo(PortSpace.NO_SLOT);
        assertThat(view.probes()).isEqualTo(10);
        assertThat(view.lastProbed()).isEqualTo(3);
    }

    @Test
    void nextFreeStopsAtItsLimit() {
        fixture.allUsedBut(2);
        assertThat(view.nextFree(9, 3)).isEqualTo(PortSpace.NO_SLOT);
        assertThat(view.probes()).isEqualTo(3);
        assertThat(view.lastProbed()).isEqualTo(1);
        assertThat(view.nextFree(9, 4)).isEqualTo(2);
    }

    @Test
    void slotUsedInTheOverlayIsNotLegal() {
        int overlay = fixture.space.unit(UnitKey.anyRemote(Protocol.TCP, 1), 10);
        for (int slot = 0; slot < 9; slot++) {
            fixture.space.claim(overlay, slot);
        }
        view.look(fixture.unit, overlay, PortSpace.NO_SLOT);
        assertThat(view.free()).isOne();
        assertThat(view.claim(4)).isFalse();
        assertThat(view.claimNextFree(0)).isEqualTo(9);
        assertThat(view.free()).isZero();
        assertThat(view.claimUniform(new Random(1))).isEqualTo(PortSpace.NO_SLOT);
    }

    @Test
    void newLookForgetsTheLastSlotButNotTheCount() {
        view.isFree(1);
        view.look(fixture.unit, PortSpace.NO_UNIT, 5);
        assertThat(view.lastProbed()).isEqualTo(PortSpace.NO_SLOT);
        assertThat(view.preferredSlot()).isEqualTo(5);
        assertThat(view.probes()).isOne();
    }
}
