package dev.cgnat.core.port;

import org.jspecify.annotations.Nullable;

/** What a promoted unit has besides its row in the {@link UnitTable}. */
final class DenseUnit {
    /** Without the tree and what rests. */
    static final int BYTES = 24;

    final SlotTree tree;
    /** Slots before this one have left the sparse set. */
    int swept;
    /** Its resting slots, absent until one rests. */
    @Nullable
    UnitRests rests;

    DenseUnit(int size) {
        tree = new SlotTree(size);
    }

    boolean hasRests() {
        return rests != null && rests.resting > 0;
    }
}
