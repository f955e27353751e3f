package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.OptionalInt;

/**
 * Whether a draw would find a slot: one that is free, not set aside, not barred, and not the destination itself.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(pairs that are set aside) where counts do not decide; where something is
 * barred, O(free slots that may not be lent) before the first that may.
 */
final class LegalSlots {
    private final Regions regions;
    private final Barred barred;
    private final PortSpace space;
    /** By number of the protocol. */
    private final SetAsides[] setAsides;

    LegalSlots(Regions regions, Barred barred, PortSpace space, SetAsides[] setAsides) {
        this.regions = regions;
        this.barred = barred;
        this.space = space;
        this.setAsides = setAsides;
    }

    /** Whether a unit, which may not exist yet, has a slot that a draw to {@code destination} may return. */
    boolean isAny(UnitKey key, int overlay, Endpoint destination) {
        int unit = space.find(key);
        if (barred.isAny(key.protocol())) {
            return countAmongBarred(key, unit, overlay, destination, 1) > 0;
        }
        return free(key, unit, overlay) > setAsides(key.protocol()).pairs().size() + 1 // all that could be illegal
                || countUnbarred(key, unit, overlay, destination) > 0;
    }

    /** How many slots a draw to {@code destination} may return. Cost: O(slots) where something is barred. */
    int count(UnitKey key, int overlay, Endpoint destination) {
        int unit = space.find(key);
        return barred.isAny(key.protocol())
                ? countAmongBarred(key, unit, overlay, destination, Integer.MAX_VALUE)
                : countUnbarred(key, unit, overlay, destination);
    }

    private int free(UnitKey key, int unit, int overlay) {
        return regions.size(key.region())
                - (unit == PortSpace.NO_UNIT ? 0 : space.used(unit))
                - (overlay == PortSpace.NO_UNIT ? 0 : space.used(overlay));
    }

    private int countUnbarred(UnitKey key, int unit, int overlay, Endpoint destination) {
        int free = free(key, unit, overlay);
        SetAsides aside = setAsides(key.protocol());
        for (int pair : aside.pairs()) {
            if (isFree(key, unit, overlay, pair)) {
                free--;
            }
        }
        boolean mayLeaveFromAnother = regions.isHostScope() && regions.addressCount() > 1;
        OptionalInt own = mayLeaveFromAnother ? OptionalInt.empty() : regions.pairOf(destination);
        if (own.isPresent() && !aside.contains(own.getAsInt()) && isFree(key, unit, overlay, own.getAsInt())) {
            free--;
        }
        return free;
    }

    /** As {@link #count}, at most {@code limit}, by looking at free slots one by one. */
    private int countAmongBarred(UnitKey key, int unit, int overlay, Endpoint destination, int limit) {
        int count = 0;
        boolean spans = regions.spansAddresses() && key.region() == Regions.WHOLE;
        int run = spans ? regions.portCount() : regions.size(key.region());
        for (int start = 0; start < regions.size(key.region()); start += run) {
            if (spans && barred.isDisabled(start / run)) {
                continue;
            }
            for (int slot = nextFree(unit, overlay, start);
                    slot < start + run;
                    slot = nextFree(unit, overlay, slot + 1)) {
                int pair = regions.pair(key.region(), slot);
                if (!setAsides(key.protocol()).contains(pair)
                        && !barred.contains(key.protocol(), pair)
                        && !isItself(pair, destination)
                        && ++count == limit) {
                    return count;
                }
                if (slot + 1 == regions.size(key.region())) {
                    break;
                }
            }
        }
        return count;
    }

    /** The first free slot at or after {@code from}, {@link Integer#MAX_VALUE} if there is none. */
    private int nextFree(int unit, int overlay, int from) {
        if (unit != PortSpace.NO_UNIT) {
            int slot = space.nextFree(unit, overlay, from);
            return slot < from ? Integer.MAX_VALUE : slot;
        }
        int slot = from;
        while (overlay != PortSpace.NO_UNIT && slot < space.size(overlay) && space.isUsed(overlay, slot)) {
            slot++;
        }
        return slot;
    }

    /** Whether a socket on {@code pair} to {@code destination} would connect to itself, whatever address it leaves from. */
    boolean isItself(int pair, Endpoint destination) {
        if (regions.isHostScope()) {
            return barred.enabled() == 1
                    && regions.endpoint(barred.nextEnabled(0), pair).equals(destination);
        }
        return regions.pairOf(destination).equals(OptionalInt.of(pair));
    }

    private boolean isFree(UnitKey key, int unit, int overlay, int pair) {
        int slot = regions.slot(key.region(), pair);
        return slot >= 0
                && slot < regions.size(key.region())
                && (unit == PortSpace.NO_UNIT || !space.isUsed(unit, slot))
                && (overlay == PortSpace.NO_UNIT || !space.isUsed(overlay, slot));
    }

    private SetAsides setAsides(Protocol protocol) {
        return setAsides[protocol.number()];
    }
}
