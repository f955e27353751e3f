package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import org.junit.jupiter.api.Test;

class LeastRecentlyFreedSelectorTest {
    private final UnitFixture fixture = new UnitFixture(4);
    private final PortSelector selector = new LeastRecentlyFreedSelector();

    @Test
    void neverUsedSlotsComeFirstAndAscend() {
        assertThat(claimed()).isZero();
        free(0);
        assertThat(claimed()).isEqualTo(1);
        assertThat(claimed()).isEqualTo(2);
        assertThat(claimed()).isEqualTo(3);
        assertThat(claimed()).isZero();
        assertThat(claimed()).isEqualTo(PortSpace.NO_SLOT);
    }

    @Test
    void thenTheOneThatBecameFreeLongestAgo() {
        fill();
        free(2);
        free(0);
        free(3);
        assertThat(claimed()).isEqualTo(2);
        assertThat(claimed()).isZero();
        free(2);
        assertThat(claimed()).isEqualTo(3);
        assertThat(claimed()).isEqualTo(2);
    }

    @Test
    void slotThatWasUsedWithoutTheSelectorBeginsItsRestWhenFreed() {
        fill();
        free(0);
        free(1);
        fixture.view.claim(0); // kept for a client
        free(0);
        assertThat(claimed()).isEqualTo(1);
        assertThat(claimed()).isZero();
    }

    @Test
    void slotThatTheOverlayUsesIsSkippedUntilItIsFree() {
        int overlay = fixture.space.unit(UnitKey.anyRemote(Protocol.TCP, 1), 4);
        fixture.space.claim(overlay, 0);
        fixture.space.claim(overlay, 1);
        fixture.view.look(fixture.unit, overlay, PortSpace.NO_SLOT);
        assertThat(claimed()).isEqualTo(2);
        fixture.space.release(overlay, 1);
        assertThat(claimed()).isEqualTo(3);
        assertThat(claimed()).isEqualTo(1);
        assertThat(claimed()).isEqualTo(PortSpace.NO_SLOT);
    }

    @Test
    void slotThatTheOverlayUsedComesBeforeWhatWasFreedSince() {
        int overlay = fixture.space.unit(UnitKey.anyRemote(Protocol.TCP, 1), 4);
        fixture.space.claim(overlay, 0);
        fixture.view.look(fixture.unit, overlay, PortSpace.NO_SLOT);
        fill();
        fixture.space.release(overlay, 0);
        free(1);
        assertThat(claimed()).isZero();
        assertThat(claimed()).isEqualTo(1);
    }

    @Test
    void slotGivenBackWithoutNoticeIsStillFound() {
        fill();
        fixture.space.release(fixture.unit, 2);
        assertThat(claimed()).isEqualTo(2);
    }

    @Test
    void forgottenUnitBeginsAgain() {
        fill();
        for (int slot = 3; slot >= 0; slot--) {
            free(slot);
        }
        selector.forgotten(fixture.unit);
        assertThat(claimed()).isZero();
        assertThat(claimed()).isEqualTo(1);
    }

    @Test
    void unitsHaveOrdersOfTheirOwn() {
        fill();
        free(3);
        int other = fixture.space.unit(UnitKey.anyRemote(Protocol.TCP, 1), 4);
        fixture.view.look(other, PortSpace.NO_UNIT, PortSpace.NO_SLOT);
        assertThat(claimed()).isZero();
        fixture.look(PortSpace.NO_SLOT);
        assertThat(claimed()).isEqualTo(3);
    }

    private int claimed() {
        return selector.claim(fixture.view, UnitFixture.FLOW);
    }

    private void fill() {
        for (int i = 0; i < 4; i++) {
            claimed();
        }
    }

    private void free(int slot) {
        fixture.space.release(fixture.unit, slot);
        selector.freed(fixture.unit, slot);
    }
}
