package dev.cgnat.core.pool;

import dev.cgnat.core.port.UnitKey;
import org.jspecify.annotations.Nullable;

/** What a pool keeps of one unit beside its used slots. <b>Ownership</b>: one thread. <b>Costs</b>: 32 bytes. */
final class UnitUse {
    /** Slots that rest. */
    int held;
    /** Slots that are set aside. */
    int reserved;
    /** Used slots to the same destination over all addresses, once a refusal has asked for it. */
    @Nullable
    Count toDestination;

    /** What counts the unit's flows and slots that rest, where a limit counts them and all are of one destination. */
    DestinationUse.@Nullable Counts counts;

    /** A number that several units share. */
    static final class Count {
        /** That of the unit at the first address, which need not exist. */
        final UnitKey key;

        int used;
        int units;

        Count(UnitKey key) {
            this.key = key;
        }
    }
}
