package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.select.PortParity;
import dev.cgnat.core.select.PortSelector;
import dev.cgnat.core.select.PortSelectors;
import dev.cgnat.core.select.UnitView;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes one slot of one region: first what is preferred, then what the port selection says.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: see {@link PortSelector}.
 */
final class Draw implements SlotSource {
    private final PortPreference prefer;
    private final boolean isPaired;
    private final boolean isShared;
    private final Regions regions;
    private final Barred barred;
    private final SlotBook slots;
    private final Mappings mappings;
    private final Pairing pairing;
    private final AddressOrder order;
    private final DestinationUse destinations;
    private final PortSelector selector;
    private final PortParity parity;
    private final UnitView view;
    private final RandomGenerator random;
    private final Place place;
    /** Of the draw that goes on, for the parity of a slot. */
    private int region;

    /** @param place what is made of every slot that is found */
    Draw(
            PoolConfig config,
            Regions regions,
            Barred barred,
            SlotBook slots,
            Mappings mappings,
            Pairing pairing,
            AddressOrder order,
            DestinationUse destinations,
            RandomGenerator random,
            Place place) {
        prefer = config.selection().prefer();
        isPaired = config.pooling().behaviour() == Pooling.PAIRED;
        isShared = config.mapping().behaviour() != Mapping.ADDRESS_AND_PORT_DEPENDENT;
        this.regions = regions;
        this.barred = barred;
        this.slots = slots;
        this.mappings = mappings;
        this.pairing = pairing;
        this.order = order;
        this.destinations = destinations;
        selector = PortSelectors.of(config.selection().selection(), random);
        this.random = random;
        this.place = place;
        view = new UnitView(slots.space());
        parity = new PortParity(random, slot -> regions.port(pair(slot)));
    }

    @Override
    public UnitKey key(FlowSpec flow, int inRegion, boolean owns) {
        return owns ? slots.ownership().owned(flow.protocol(), inRegion) : regions.key(flow, inRegion);
    }

    /** The unit whose slots that draw leaves alone, {@link PortSpace#NO_UNIT} if none. */
    int overlay(FlowSpec flow, int inRegion, boolean owns) {
        return owns
                ? slots.space().find(slots.ownership().carrying(flow.protocol(), inRegion))
                : slots.ownership().overlay(flow.protocol(), inRegion);
    }

    @Override
    public Found at(FlowSpec flow, int address, int inRegion, boolean owns) {
        int known = slots.space().find(key(flow, inRegion, owns));
        DestinationUse.Counts counts =
                known == PortSpace.NO_UNIT ? null : slots.units().use(known).counts;
        Optional<DestinationUse.Reached> limit =
                destinations.reached(counts, flow.protocol(), flow.destination(), inRegion, address);
        if (limit.isPresent()) {
            return Shortage.ofDestination(limit.get());
        }
        // A key of its own for the new unit: so the one that is only looked for need not be an object.
        int unit = known == PortSpace.NO_UNIT ? slots.units().add(key(flow, inRegion, owns)) : known;
        return in(flow, unit, inRegion, owns);
    }

    /** Takes a slot of {@code unit}; {@link Shortage} only if it has no legal one, or the search gave up. */
    private Found in(FlowSpec flow, int unit, int inRegion, boolean owns) {
        region = owns ? slots.space().region(unit) : inRegion;
        int overlay = overlay(flow, inRegion, owns);
        int anyAddress = regions.isOfOneAddress(region) ? 0 : random.nextInt(regions.addressCount());
        view.look(unit, overlay, regions.slotOfPort(flow.internal().port(), region, anyAddress));
        int ownEndpoint = PortSpace.NO_SLOT;
        Found found = null;
        while (found == null) {
            int slot = pick(flow);
            if (slot == PortSpace.NO_SLOT) {
                found = shortage(flow, unit, overlay, owns);
                continue;
            }
            int pair = pair(slot);
            if (!slots.isSetAside(flow.protocol(), unit, slot, pair)) {
                place(flow, unit, slot, pair, owns);
                if (regions.isEndpoint(place.address(), place.pair(), flow.destination())) {
                    ownEndpoint = slot; // a socket that connects to itself; kept claimed until the draw is over
                } else {
                    found = place;
                }
            }
        }
        if (ownEndpoint != PortSpace.NO_SLOT) {
            slots.space().release(unit, ownEndpoint);
        }
        return found instanceof Shortage shortage ? tidied(shortage) : found;
    }

    /** Legal slots of {@code inRegion}, and perhaps some that are set aside. */
    int free(FlowSpec flow, int inRegion, boolean owns) {
        int unit = slots.space().find(key(flow, inRegion, owns));
        int overlay = overlay(flow, inRegion, owns);
        return regions.size(inRegion)
                - (unit == PortSpace.NO_UNIT ? 0 : slots.space().used(unit))
                - (overlay == PortSpace.NO_UNIT ? 0 : slots.space().used(overlay));
    }

    @Override
    public boolean hasLegalSlot(FlowSpec flow, int inRegion, boolean owns) {
        return slots.legal().isAny(key(flow, inRegion, owns), overlay(flow, inRegion, owns), flow.destination());
    }

    @Override
    public void beforeOwning(Protocol protocol) {
        slots.ownership().activate(protocol);
    }

    /** The destination is taken within a mapping until {@code freeNanos}. */
    Shortage takenWithin(ExternalMapping mapping, long freeNanos) {
        boolean isLive = freeNanos == ExternalMapping.LIVE || freeNanos == 0;
        return new Shortage(
                isLive ? Shortage.Cause.EXHAUSTED : Shortage.Cause.HELD,
                isLive ? Long.MAX_VALUE : freeNanos,
                false,
                0,
                isPaired ? mapping.claim.address() : -1,
                1,
                isLive ? 1 : 0,
                isLive ? 0 : 1,
                0,
                PortSpace.NO_UNIT);
    }

    /** When something that rests may serve a flow that was short of a slot. */
    long notBeforeNanos(Shortage shortage) {
        return shortage.unit() == PortSpace.NO_UNIT ? shortage.notBeforeNanos() : restOf(shortage.unit());
    }

    /** When the first slot of {@code inRegion} that rests is free, {@link Long#MAX_VALUE} if none does. */
    long earliestRest(FlowSpec flow, int inRegion) {
        int unit = slots.space().find(key(flow, inRegion, false));
        return unit == PortSpace.NO_UNIT
                ? Long.MAX_VALUE
                : Math.min(restOf(unit), restOf(overlay(flow, inRegion, false)));
    }

    void freed(int unit, int slot) {
        selector.freed(unit, slot);
    }

    void forgotten(int unit) {
        selector.forgotten(unit);
    }

    private int pick(FlowSpec flow) {
        if (view.free() == 0) {
            return PortSpace.NO_SLOT; // spares a search its tries
        }
        int slot = switch (prefer) {
            case NONE -> PortSpace.NO_SLOT;
            case SAME_PORT -> claimSamePort();
            case PARITY -> parity.claim(view, flow.internal().port());
        };
        return slot == PortSpace.NO_SLOT ? selector.claim(view, flow) : slot;
    }

    /** On the address that the view prefers, and where the region spans several, on those after it in a circle. */
    private int claimSamePort() {
        int slot = view.preferredSlot();
        int addresses = regions.isOfOneAddress(region) || regions.isHostScope() ? 1 : regions.addressCount();
        for (int i = 0; slot >= 0 && i < addresses; i++) {
            if (view.claim(slot)) {
                return slot;
            }
            slot = (slot + regions.portCount()) % view.size();
        }
        return PortSpace.NO_SLOT;
    }

    private void place(FlowSpec flow, int unit, int slot, int pair, boolean owns) {
        boolean isAnyAddress = regions.isHostScope() || region == Regions.EVERY_ADDRESS;
        int address = isAnyAddress ? addressFor(flow, pair) : regions.addressOf(pair);
        place.drawn(flow.protocol(), unit, region, slot, pair, address, owns);
    }

    private int pair(int slot) {
        return regions.pair(region, slot);
    }

    /** The address for a port that is taken on all: that of the pairing, but never the destination itself if avoidable. */
    private int addressFor(FlowSpec flow, int port) {
        int first = isPaired
                ? pairing.addressOf(flow.subscriber()).orElseGet(() -> order.first(flow.subscriber()))
                : order.first(flow.subscriber());
        int address = first;
        for (int rank = 1; rank < order.length() && !suits(address, port, flow); rank++) {
            address = order.at(first, rank);
        }
        if (barred.isDisabled(address)) { // what suits is left aside: the only one that may be used is the destination
            address = barred.nextEnabled(0);
        }
        order.chose(address);
        return address;
    }

    private boolean suits(int address, int port, FlowSpec flow) {
        return !barred.isDisabled(address) && !regions.isEndpoint(address, port, flow.destination());
    }

    private Shortage shortage(FlowSpec flow, int unit, int overlay, boolean owns) {
        UnitUse use = slots.units().use(unit);
        int idle = mappings.idle(unit);
        int overlaid = overlay == PortSpace.NO_UNIT ? 0 : slots.space().used(overlay);
        int overlaidIdle = overlay == PortSpace.NO_UNIT ? 0 : mappings.idle(overlay);
        int held = use.held + idle + overlaidIdle;
        int live = slots.space().used(unit) + overlaid - held - use.reserved;
        Shortage full = shortage(region, view.size(), live, held, use.reserved).in(unit);
        if (view.free() > 0 && slots.legal().isAny(slots.space().key(unit), overlay, flow.destination())) {
            boolean isPickHeld = view.lastProbed() != PortSpace.NO_SLOT
                    && slots.pairs(flow.protocol()).isResting(pair(view.lastProbed()));
            return full.gaveUp(isPickHeld);
        }
        return full.heldUntil(earliestRest(flow.protocol(), unit, overlay, owns));
    }

    /** A shortage of slots in that region, whatever may be at rest. */
    Shortage shortage(int ofRegion, int size, int live, int held, int reserved) {
        return new Shortage(
                Shortage.Cause.EXHAUSTED,
                Long.MAX_VALUE,
                false,
                0,
                regions.isPerAddress() && isPaired && ofRegion < regions.addressCount() ? ofRegion : -1,
                size,
                live,
                held,
                reserved,
                PortSpace.NO_UNIT);
    }

    /** When the first slot that rests there, in a unit and its overlay that need not exist, may serve somebody else. */
    long earliestRest(Protocol protocol, int unit, int overlay, boolean owns) {
        long earliest = Math.min(restOf(unit), restOf(overlay));
        if (owns && slots.pairs(protocol).held() > 0) { // whatever the destination of what rests
            earliest = Math.min(earliest, slots.holdDown().nextDeadlineNanos());
            earliest = Math.min(earliest, mappings.nextDeadlineNanos());
        }
        return earliest;
    }

    private long restOf(int unit) {
        if (unit == PortSpace.NO_UNIT) {
            return Long.MAX_VALUE;
        }
        boolean isAnyHeld = slots.units().isKnown(unit) && slots.units().use(unit).held > 0;
        return Math.min(
                isAnyHeld ? slots.holdDown().nextDeadlineNanos(unit) : Long.MAX_VALUE,
                mappings.nextDeadlineNanos(unit));
    }

    /**
     * A unit that holds nothing is forgotten, so nobody can wait for it; and where flows may share a mapping, more than a
     * slot of it may serve them.
     */
    private Shortage tidied(Shortage shortage) {
        int unit = shortage.unit();
        boolean isEmpty = slots.space().used(unit) == 0;
        slots.tidy(unit);
        boolean isForgotten = !slots.units().isKnown(unit);
        return isEmpty || isForgotten || isShared || slots.ownership().isAnyActive() ? shortage.inAnyUnit() : shortage;
    }
}
