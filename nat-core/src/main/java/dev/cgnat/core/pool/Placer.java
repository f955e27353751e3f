package dev.cgnat.core.pool;

import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.pool.Blocks.Block;
import dev.cgnat.core.pool.Shortage.Cause;
import dev.cgnat.core.port.PortSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides in which regions a flow may be given a slot, and in which order they are tried.
 *
 * <pre>
 *   plan        the subscriber's share, then blocks of dynamic ports
 *   blocks      those that the subscriber has, then more of them
 *   paired      the address that the subscriber keeps, then by overflow others; for a new one the address order
 *   arbitrary   all addresses at once, or one after the other by the address order
 * </pre>
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) where the first region serves, else O(A).
 */
final class Placer {
    private final PoolConfig config;
    private final Regions regions;
    private final Barred barred;
    private final SlotBook slots;
    private final Pairing pairing;
    private final AddressOrder order;
    private final Optional<? extends BlockSource> blocks;
    private final DestinationUse destinations;
    private final SlotSource draw;

    Placer(
            PoolConfig config,
            Regions regions,
            Barred barred,
            SlotBook slots,
            Pairing pairing,
            AddressOrder order,
            Optional<? extends BlockSource> blocks,
            DestinationUse destinations,
            SlotSource draw) {
        this.config = config;
        this.regions = regions;
        this.barred = barred;
        this.slots = slots;
        this.pairing = pairing;
        this.order = order;
        this.blocks = blocks;
        this.destinations = destinations;
        this.draw = draw;
    }

    /** @throws IllegalArgumentException if the pool does not allow the flow's mapping or its client class */
    void requireAllowed(FlowSpec flow) {
        Mapping behaviour = flow.mappingIn(config);
        if (!config.allows(behaviour)) {
            throw new IllegalArgumentException("mapping: " + behaviour.key() + " (expected: one that reuse scope "
                    + config.reuseScope().key() + " allows)");
        }
        if (flow.clientClass() == ClientClass.LEGACY && !config.allowsLegacy()) {
            throw new IllegalArgumentException(
                    "clientClass: legacy (expected: scalable, as pool " + config.name() + " is not of scope address)");
        }
    }

    /** A slot for {@code flow}, or what there is of slots that it may have. */
    Found find(FlowSpec flow) {
        if (barred.isAllDisabled()) {
            return Shortage.limit(Cause.ADDRESS_DISABLED, 0);
        }
        boolean owns = owns(flow);
        if (owns) {
            draw.beforeOwning(flow.protocol());
        }
        if (flow.clientClass() == ClientClass.LEGACY) {
            return draw.at(flow, 0, Regions.EVERY_ADDRESS, owns);
        }
        Optional<DeterministicPlan> plan = regions.plan();
        if (plan.isPresent()) {
            OptionalInt subscriber = plan.get().subscriber(flow.internal().address());
            return subscriber.isPresent()
                    ? inShare(flow, plan.get(), subscriber.getAsInt(), owns)
                    : Shortage.limit(Cause.NOT_INSIDE, 0);
        }
        if (blocks.isPresent()) {
            return inBlocks(flow, blocks.get(), owns);
        }
        if (!regions.isPerAddress()) {
            return draw.at(flow, 0, Regions.WHOLE, owns);
        }
        Pairing.Pair pair = isPaired() ? pairing.pairOf(flow.subscriber()) : null;
        return pair == null ? atAny(flow, owns) : atKept(flow, pair.address(), owns);
    }

    /** Whether the flow's pair is to be used by nobody else, in units that would let others use it. */
    private boolean owns(FlowSpec flow) {
        return flow.clientClass() == ClientClass.LEGACY
                || (flow.mappingIn(config) == Mapping.ENDPOINT_INDEPENDENT
                        && (config.reuseScope() == ReuseScope.REMOTE_HOST
                                || config.reuseScope() == ReuseScope.FOUR_TUPLE));
    }

    private boolean isPaired() {
        return config.pooling().behaviour() == Pooling.PAIRED;
    }

    private boolean spills() {
        return isPaired() && config.pooling().overflow() == PairedOverflow.SPILL;
    }

    private Found atKept(FlowSpec flow, int kept, boolean owns) {
        Found found = draw.at(flow, kept, kept, owns);
        if (!(found instanceof Shortage shortage) || shortage.isFinal()) {
            return found;
        }
        if (spills()) {
            Found elsewhere = atOthers(flow, kept, owns);
            if (!(elsewhere instanceof Shortage none) || none.isFinal() || none.isOfDestination()) {
                return elsewhere;
            }
            return shortage.isOfDestination()
                    ? shortage
                    : shortage.inAnyUnit().heldUntil(Math.min(shortage.notBeforeNanos(), none.notBeforeNanos()));
        }
        return !shortage.isOfDestination() && hasLegalSlotElsewhere(flow, kept, owns)
                ? shortage.with(Cause.PAIRED_ADDRESS_FULL)
                : shortage;
    }

    private Found atOthers(FlowSpec flow, int kept, boolean owns) {
        int first = order.first(flow.subscriber());
        Shortage none = Shortage.limit(Cause.EXHAUSTED, 0);
        Shortage limited = null;
        for (int rank = 0; rank < order.length(); rank++) {
            int address = order.at(first, rank);
            if (address == kept || barred.isDisabled(address)) {
                continue;
            }
            Found found = draw.at(flow, address, address, owns);
            if (!(found instanceof Shortage shortage) || shortage.isFinal()) {
                order.chose(address);
                return found;
            }
            if (!shortage.isOfDestination()) {
                none = none.heldUntil(Math.min(none.notBeforeNanos(), shortage.notBeforeNanos()));
            } else if (draw.hasLegalSlot(flow, address, owns)) {
                limited = shortage;
            }
        }
        return limited == null ? none : limited;
    }

    /** For a subscriber that keeps no address, or a flow that may have any. */
    private Found atAny(FlowSpec flow, boolean owns) {
        int first = order.first(flow.subscriber());
        Shortage limited = null;
        Shortage soonest = null;
        long earliest = Long.MAX_VALUE;
        for (int rank = 0; rank < order.length(); rank++) {
            int address = order.at(first, rank);
            if (barred.isDisabled(address)) {
                continue;
            }
            Found found = draw.at(flow, address, address, owns);
            if (!(found instanceof Shortage shortage) || shortage.isFinal()) {
                order.chose(address);
                return found;
            }
            if (shortage.isOfDestination()) {
                limited = draw.hasLegalSlot(flow, address, owns) ? shortage : limited;
            } else if (soonest == null || (shortage.notBeforeNanos() < soonest.notBeforeNanos() && picksSoonest())) {
                soonest = shortage;
            }
            earliest = Math.min(earliest, shortage.notBeforeNanos());
        }
        if (limited != null || soonest == null) {
            int address = barred.isDisabled(order.at(first, 0)) ? barred.nextEnabled(0) : order.at(first, 0);
            return limited == null ? draw.at(flow, address, address, owns) : limited;
        }
        return isPaired() && !spills() ? soonest : soonest.inAnyUnit().heldUntil(earliest);
    }

    private boolean picksSoonest() {
        return order.isByLoad() || !isPaired();
    }

    private boolean hasLegalSlotElsewhere(FlowSpec flow, int kept, boolean owns) {
        if (!slots.ownership().isActive(flow.protocol()) && isFullElsewhere(flow, kept)) {
            return false;
        }
        for (int rank = 1; rank < regions.addressCount(); rank++) {
            int address = (kept + rank) % regions.addressCount();
            if (!barred.isDisabled(address)
                    && draw.hasLegalSlot(flow, address, owns)
                    && destinations
                            .reached(null, flow.protocol(), flow.destination(), address, address)
                            .isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether all slots to the destination are used at all addresses but {@code kept}; told without looking at each. */
    private boolean isFullElsewhere(FlowSpec flow, int kept) {
        int unit = slots.space().find(draw.key(flow, kept, false));
        long elsewhere = (long) regions.portCount() * (regions.addressCount() - 1);
        return unit != PortSpace.NO_UNIT
                && slots.units().usedToDestination(unit) - slots.space().used(unit) == elsewhere;
    }

    private Found inShare(FlowSpec flow, DeterministicPlan plan, int subscriber, boolean owns) {
        int address = plan.address(subscriber);
        if (barred.isDisabled(address)) {
            return Shortage.limit(Cause.ADDRESS_DISABLED, 0);
        }
        int region = regions.ofShare(subscriber);
        Found found = draw.at(flow, address, region, owns);
        if (!(found instanceof Shortage share) || share.isFinal() || share.isOfDestination() || blocks.isEmpty()) {
            return found;
        }
        BlockSource blockDraw = blocks.get();
        Blocks dynamic = blockDraw.blocks();
        Found more = blockDraw.among(flow, dynamic.of(flow.subscriber()), owns);
        if (isDecided(more)) {
            return more;
        }
        if (dynamic.isAtLimit(flow.subscriber())) {
            return share.withLimit(Cause.BLOCK_LIMIT, dynamic.limit());
        }
        more = blockDraw.inNew(flow, OptionalInt.of(address), owns);
        if (isDecided(more)) {
            return more;
        }
        long earliest = Math.min(share.notBeforeNanos(), blockDraw.earliestRest(flow));
        return share.inAnyUnit().heldUntil(earliest);
    }

    private Found inBlocks(FlowSpec flow, BlockSource blockDraw, boolean owns) {
        Blocks lent = blockDraw.blocks();
        Subscriber subscriber = flow.subscriber();
        Found found = blockDraw.among(flow, blocksWithin(lent, subscriber), owns);
        if (!(found instanceof Shortage own) || own.isFinal()) {
            return found;
        }
        if (lent.isAtLimit(subscriber)) {
            return own.isOfDestination() ? own : own.withLimit(Cause.BLOCK_LIMIT, lent.limit());
        }
        if (!regions.isPerAddress()) {
            Found more = blockDraw.inNew(flow, OptionalInt.empty(), owns);
            return more instanceof Shortage shortage && !shortage.isFinal() && !shortage.isOfDestination()
                    ? own.inAnyUnit().heldUntil(blockDraw.earliestRest(flow))
                    : more;
        }
        OptionalInt kept = isPaired() ? pairing.addressOf(subscriber) : OptionalInt.empty();
        List<Integer> addresses = addressesToGrowAt(flow, kept);
        Shortage limited = own.isOfDestination() ? own : null;
        for (int address : addresses) {
            if (barred.isDisabled(address)) {
                continue;
            }
            Optional<DestinationUse.Reached> limit =
                    destinations.reached(null, flow.protocol(), flow.destination(), regions.ofBlock(0), address);
            if (limit.isPresent()) {
                limited = Shortage.ofDestination(limit.get());
            } else {
                Found more = blockDraw.inNew(flow, OptionalInt.of(address), owns);
                if (isDecided(more)) {
                    order.chose(address);
                    return more;
                }
            }
        }
        if (limited != null) {
            return limited;
        }
        if (kept.isPresent() && !spills() && blockDraw.hasLegalSlotElsewhere(flow, kept.getAsInt(), owns)) {
            return own.inAnyUnit().with(Cause.PAIRED_ADDRESS_FULL).at(kept.getAsInt());
        }
        Shortage none = own.inAnyUnit().heldUntil(blockDraw.earliestRest(flow));
        return kept.isPresent() ? none.at(kept.getAsInt()) : none;
    }

    private static boolean isDecided(Found found) {
        return !(found instanceof Shortage shortage) || shortage.isFinal();
    }

    /** Those of a subscriber that are at an address which it may use: others may be left of an earlier pairing. */
    private List<Block> blocksWithin(Blocks lent, Subscriber subscriber) {
        OptionalInt kept = isPaired() && !spills() ? pairing.addressOf(subscriber) : OptionalInt.empty();
        return kept.isEmpty()
                ? lent.usable(subscriber)
                : lent.usable(subscriber).stream()
                        .filter(block -> block.number / regions.blocksPerAddress() == kept.getAsInt())
                        .toList();
    }

    /** In which order addresses are tried for one more block. */
    private List<Integer> addressesToGrowAt(FlowSpec flow, OptionalInt kept) {
        List<Integer> addresses = new ArrayList<>();
        if (kept.isPresent()) {
            addresses.add(kept.getAsInt());
            if (!spills()) {
                return addresses;
            }
        }
        int first = order.first(flow.subscriber());
        for (int rank = 0; rank < order.length(); rank++) {
            addresses.add(order.at(first, rank));
        }
        return addresses;
    }
}
