package dev.cgnat.core.port;

import org.jspecify.annotations.Nullable;

/** What a promoted unit has besides its row in the {@link UnitTable}. */
final class DenseUnit {
    /** Without the tree and what rests. */
    static final int BYTES = 32;

    final SlotTree tree;
    /** Used slots that the tree has not got: they are in the set of {@link SparseSlots} still. */
    int leftBehind;
    /** Slots before this one have left that set. */
    int swept;
    /** Its resting slots, absent until one rests. */
    @Nullable
    UnitRests rests;

    DenseUnit(int size) {
        tree = new SlotTree(size);
    }

    int used() {
        return tree.used() + leftBehind;
    }

    boolean hasRests() {
        return rests != null && rests.resting > 0;
    }
}
