package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a flow in a pool, as a dry run found it.
 *
 * @param shortage why it would find no slot; empty if it would be given one
 * @param mayGiveUp whether the search that the pool imitates may end before it meets one of the slots that are legal
 * @param mapping the external endpoint of the mapping that it would share
 * @param looks where slots were looked for, in that order
 */
public record Prospect(Optional<Shortage> shortage, boolean mayGiveUp, Optional<Endpoint> mapping, List<Look> looks) {
    public Prospect {
        looks = List.copyOf(looks);
    }

    /** Of a flow that joins a mapping, or is kept from that by {@code shortage}. */
    static Prospect joining(Endpoint mapping, Optional<Shortage> shortage) {
        return new Prospect(shortage, false, Optional.of(mapping), List.of());
    }
}
