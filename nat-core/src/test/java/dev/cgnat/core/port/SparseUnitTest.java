package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cgnat.core.address.Protocol;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A unit on the borders between its row, the blocks and the set, and what is wrong to ask of it. */
class SparseUnitTest {
    private final PortSpace space = new PortSpace();

    @ParameterizedTest
    @CsvSource({
        "65535, 24",
        "65535, 32",
        "65535, 48",
        "65535, 64",
        "65536, 12",
        "65536, 16",
        "65536, 24",
        "65536, 32",
    })
    void slotsAreNotLostWhereTheirPlaceChanges(int size, int border) {
        Set<Integer> used = new LinkedHashSet<>();
        Random random = new Random(border);
        int unit = space.unit(key(1), size);
        for (int target : new int[] {border, border + 1, border, border - 1, border - 3, border + 2, border - 9, 0}) {
            while (used.size() < target) {
                used.add(space.claimUniform(unit, PortSpace.NO_UNIT, random));
            }
            while (used.size() > target) {
                int slot = used.iterator().next();
                used.remove(slot);
                space.release(unit, slot);
            }
            assertThat(space.used(unit)).isEqualTo(target);
            assertThat(space.free(unit)).isEqualTo(size - target);
            assertThat(space.dense(unit)).isNull();
            for (int slot = 0; slot < size; slot++) {
                if (space.isUsed(unit, slot) != used.contains(slot)) {
                    throw new AssertionError("slot " + slot + " with " + target + " used");
                }
            }
        }
        assertThat(space.tidy(unit)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536})
    void whatIsNotUsedCannotBeReleased(int size) {
        int unit = space.unit(key(1), size);
        assertThat(space.claim(unit, size - 1)).isTrue();
        for (int slot : new int[] {-1, size, size + 65_535, size + 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatIllegalStateException().isThrownBy(() -> space.release(unit, slot));
        }
        space.release(unit, size - 1);
        assertThatIllegalStateException().isThrownBy(() -> space.release(unit, size - 1));
        assertThat(space.used(unit)).isZero();
    }

    @Test
    void aForgottenUnitTakesNoPart() {
        int unit = space.unit(key(1), 100);
        space.unit(key(2), 100);
        assertThat(space.tidy(unit)).isTrue();
        SplittableRandom random = new SplittableRandom(1);
        assertThatIllegalStateException().isThrownBy(() -> space.claimUniform(unit, PortSpace.NO_UNIT, random));
        assertThatIllegalStateException().isThrownBy(() -> space.release(unit, 0));
        assertThatIllegalStateException().isThrownBy(() -> space.tidy(unit));
        assertThatIllegalStateException().isThrownBy(() -> space.used(unit));
        assertThatIllegalStateException().isThrownBy(() -> space.isUsed(unit, 0));
    }

    @Test
    void aPinnedUnitStaysThoughItIsEmpty() {
        int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 3), 100);
        space.pin(unit);
        assertThat(space.tidy(unit)).isFalse();
        space.unpin(unit);
        assertThat(space.tidy(unit)).isTrue();
        assertThat(space.find(UnitKey.anyRemote(Protocol.TCP, 3))).isEqualTo(PortSpace.NO_UNIT);
    }

    private static UnitKey key(int destination) {
        return new UnitKey(0, 0xffff_0a00_0000L + destination, 443, 0);
    }
}
