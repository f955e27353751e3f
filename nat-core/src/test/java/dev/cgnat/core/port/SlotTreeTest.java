package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTreeTest {
    private final Random random = new Random(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 4_097, 70_000})
    void lendsEachSlotOnceAndThenNone(int size) {
        SlotTree tree = new SlotTree(size);
        int[] drawn = IntStream.generate(() -> tree.claimUniform(random))
                .limit(size)
                .sorted()
                .toArray();
        assertThat(drawn).isEqualTo(IntStream.range(0, size).toArray());
        assertThat(tree.claimUniform(random)).isEqualTo(SlotTree.NO_SLOT);
        assertThat(tree.used()).isEqualTo(size).isEqualTo(tree.size());
    }

    @Test
    void theOnlyFreeSlotOfTheLargestTreeIsFound() {
        SlotTree tree = new SlotTree(Integer.MAX_VALUE);
        assertThat(IntStream.range(0, 1_000).map(i -> tree.claimUniform(random)).distinct())
                .hasSize(1_000)
                .allMatch(tree::isUsed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void releasedSlotIsFreeAgain(int claims) {
        SlotTree tree = new SlotTree(5_000);
        int[] drawn =
                IntStream.range(0, claims).map(i -> tree.claimUniform(random)).toArray();
        for (int slot : drawn) {
            assertThat(tree.isUsed(slot)).isTrue();
            tree.release(slot);
            assertThat(tree.isUsed(slot)).isFalse();
        }
        assertThat(tree.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void releaseOfAFreeSlotIsRejected(int claims) {
        SlotTree tree = new SlotTree(5_000);
        int[] drawn =
                IntStream.range(0, claims).map(i -> tree.claimUniform(random)).toArray();
        tree.release(drawn[0]);
        assertThatIllegalStateException()
                .isThrownBy(() -> tree.release(drawn[0]))
                .withMessageContaining("used slot");
    }

    @Test
    void slotOutsideIsRejected() {
        SlotTree tree = new SlotTree(100);
        assertThatThrownBy(() -> tree.release(100)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.isUsed(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void sizeBelowOneIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlotTree(0))
                .withMessage("slots: 0 (expected: at least 1)");
    }
}
