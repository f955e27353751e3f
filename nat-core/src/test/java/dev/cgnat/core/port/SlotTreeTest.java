package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
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

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 513, 32_768, 32_769, 200_000, 700_000})
    void claimedByNameTheLastFreeSlotIsTheOneThatIsDrawn(int size) {
        SlotTree tree = new SlotTree(size);
        int last = random.nextInt(size);
        for (int slot = 0; slot < size; slot++) {
            assertThat(slot == last || tree.claim(slot)).isTrue();
        }
        assertThat(size == 1 || !tree.claim(last == 0 ? 1 : 0)).isTrue();
        assertThat(tree.nextFree(null, random.nextInt(size))).isEqualTo(last);
        assertThat(tree.claimUniform(random)).isEqualTo(last);
        assertThat(tree.nextFree(null, last)).isEqualTo(SlotTree.NO_SLOT);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 32_769, 700_000})
    void twoTreesWithoutACommonSlotAreReadAsOne(int size) {
        SlotTree tree = new SlotTree(size);
        SlotTree other = new SlotTree(size);
        BitSet model = new BitSet(size);
        for (int i = 0; i < size - 50; i++) {
            SlotTree one = random.nextBoolean() ? tree : other;
            int slot = one.draw(one == tree ? other : tree, random);
            assertThat(!model.get(slot) && one.claim(slot)).isTrue();
            model.set(slot);
        }
        for (int i = 0; i < 1_000; i++) {
            int from = random.nextInt(size);
            int next = model.nextClearBit(from);
            assertThat(tree.nextFree(other, from)).isEqualTo(next < size ? next : model.nextClearBit(0));
            assertThat(model.get(tree.draw(other, random))).isFalse();
        }
    }

    @Test
    void usedSlotsAreListedInAscendingOrder() {
        SlotTree tree = new SlotTree(300_000);
        int[] drawn = IntStream.generate(() -> tree.claimUniform(random))
                .limit(40)
                .sorted()
                .toArray();
        assertThat(IntStream.iterate(
                        tree.nextUsed(0), slot -> slot != SlotTree.NO_SLOT, slot -> tree.nextUsed(slot + 1)))
                .containsExactly(Arrays.stream(drawn).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1, 0x8000_0000_0000_0001L, 0x0123_4567_89ab_cdefL, 0xffff_0000_0000_0000L})
    void eachSetBitOfAWordIsFoundByItsRank(long word) {
        int rank = 0;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((word >>> bit & 1) != 0) {
                assertThat(Page.selectInWord(word, rank++)).isEqualTo(bit);
            }
        }
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
