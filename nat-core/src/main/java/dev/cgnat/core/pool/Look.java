package dev.cgnat.core.pool;

import dev.cgnat.core.address.PortRange;
import java.util.Optional;

/**
 * What a dry run saw where it looked for a slot.
 *
 * @param addressIndex negative if slots of several addresses were looked at together
 * @param ports those of the port block or the share; empty if it was all that the pool lends
 * @param live slots on which a flow lives, mappings of other kinds included
 * @param held slots that rest
 * @param legal slots of which the flow could be given one; none where the destination has all the flows that it may have
 * @param isNew whether the block is lent to nobody yet
 * @param limit what the destination may have from there, if it has that already
 */
public record Look(
        int addressIndex,
        Optional<PortRange> ports,
        int slots,
        int live,
        int held,
        int legal,
        boolean isNew,
        Optional<Long> limit)
        implements Found {
    Look asNew() {
        return new Look(addressIndex, ports, slots, live, held, legal, true, limit);
    }
}
