package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random draws and releases, each compared with a {@link BitSet}. */
class SlotTreeModelTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 7, 8, 9, 10, 63, 64, 65, 511, 512, 513, 4_095, 4_096, 4_097, 32_767, 32_768, 32_769, 64_512,
                65_537, 131_073, 1_000_000
            })
    void agreesWithABitSetForAnySequence(int size) {
        Random random = new Random(size);
        SlotTree tree = new SlotTree(size);
        BitSet model = new BitSet(size);
        for (int round = 0; round < 4; round++) {
            while (model.cardinality() < size) { // up to the last slot …
                for (int i = 0; i < Math.min(size, 100_000); i++) {
                    claim(tree, model, random);
                }
                release(tree, model, random, random.nextInt(50));
                while (size - model.cardinality() > 0 && size - model.cardinality() < 200) {
                    claim(tree, model, random);
                }
            }
            assertThat(tree.claimUniform(random)).isEqualTo(SlotTree.NO_SLOT);
            check(tree, model);
            release(tree, model, random, round == 0 ? size : random.nextInt(size) + 1); // … and down
            check(tree, model);
        }
    }

    /**
     * Draws one slot of those that a scattered set of used slots leaves free, again and again, and gives it back. With k free
     * slots of equal probability the statistic has mean k - 1 and variance 2 (k - 1); the bound is 4 standard deviations
     * above. Where there are more than 1,000 free slots they are counted in 1,000 groups.
     */
    @ParameterizedTest
    @CsvSource({"64512, 0", "64512, 0.5", "64512, 0.99", "64512, 0.9999", "1000000, 0.9999", "300, 0", "9, 0", "9, 0.5"
    })
    @Tag("rfc6056-3.3")
    @Tag("rfc6888-req15")
    void everyFreeSlotIsDrawnEquallyOften(int size, double occupancy) {
        Random random = new Random(42);
        SlotTree tree = new SlotTree(size);
        BitSet used = new BitSet(size);
        int occupied = (int) (size * occupancy);
        for (int i = 0; i < occupied; i++) {
            used.set(tree.claimUniform(random));
        }
        int[] rankOf = new int[size];
        int free = 0;
        for (int slot = used.nextClearBit(0); slot < size; slot = used.nextClearBit(slot + 1)) {
            rankOf[slot] = free++;
        }
        int groups = Math.min(free, 1_000);
        int[] slotsIn = new int[groups];
        for (int rank = 0; rank < free; rank++) {
            slotsIn[(int) ((long) rank * groups / free)]++;
        }
        int draws = groups * 200;
        int[] drawn = new int[groups];
        for (int i = 0; i < draws; i++) {
            int slot = tree.claimUniform(random);
            assertThat(used.get(slot)).isFalse();
            drawn[(int) ((long) rankOf[slot] * groups / free)]++;
            tree.release(slot);
        }
        double statistic = 0;
        for (int group = 0; group < groups; group++) {
            double expected = (double) draws * slotsIn[group] / free;
            statistic += (drawn[group] - expected) * (drawn[group] - expected) / expected;
        }
        assertThat(statistic).isLessThan(groups - 1 + 4 * Math.sqrt(2.0 * (groups - 1)));
    }

    private static void claim(SlotTree tree, BitSet model, Random random) {
        if (tree.used() == tree.size()) {
            return;
        }
        int slot = tree.claimUniform(random);
        assertThat(slot >= 0 && slot < tree.size() && !model.get(slot)).isTrue();
        model.set(slot);
    }

    private static void release(SlotTree tree, BitSet model, Random random, int count) {
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(tree.size());
            int next = model.nextSetBit(from);
            int slot = next < 0 ? model.nextSetBit(0) : next;
            if (slot >= 0) {
                model.clear(slot);
                tree.release(slot);
            }
        }
    }

    private static void check(SlotTree tree, BitSet model) {
        assertThat(tree.used()).isEqualTo(model.cardinality());
        for (int slot = 0; slot < tree.size(); slot++) {
            if (tree.isUsed(slot) != model.get(slot)) {
                throw new AssertionError("slot " + slot + " of " + tree.size());
            }
        }
    }
}
