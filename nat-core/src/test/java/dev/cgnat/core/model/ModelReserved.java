package dev.cgnat.core.model;

import dev.cgnat.core.address.Protocol;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/** Pairs that something else of the operator's listens on. */
final class ModelReserved {
    private final PairTable table;
    private final boolean isHostScope;
    /** In scope host on the first address alone. */
    private final Map<Protocol, BitSet> pairs = new EnumMap<>(Protocol.class);

    ModelReserved(PairTable table, boolean isHostScope) {
        this.table = table;
        this.isHostScope = isHostScope;
    }

    boolean contains(Protocol protocol, int pair) {
        return pairs.containsKey(protocol) && pairs.get(protocol).get(counted(pair));
    }

    /** Books that {@code pair} is lent no more; false if something lives or rests on it. */
    boolean add(Protocol protocol, int pair, long now) {
        boolean[] isFree = {true};
        table.forEach(use -> {
            boolean isHere = isHostScope || use.spot.address() == table.addressOf(pair) || use.spot.isLegacy();
            if (use.spot.protocol() == protocol
                    && use.spot.port() == table.portOf(pair)
                    && isHere
                    && use.kind != Use.Kind.ASIDE
                    && !use.isOver(now)) {
                isFree[0] = false;
            }
        });
        if (isFree[0]) {
            pairs.computeIfAbsent(protocol, missing -> new BitSet()).set(counted(pair));
        }
        return isFree[0];
    }

    private int counted(int pair) {
        return isHostScope ? table.portOf(pair) : pair;
    }
}
