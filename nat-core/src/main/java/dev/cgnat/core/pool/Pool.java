package dev.cgnat.core.pool;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.port.HoldDown;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.subscriber.SubscriberTable;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lends the slots of one pool and takes them back.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: see {@link dev.cgnat.core.port.PortSpace}; where the subscriber's address is
 * full, or a new one is to be chosen and the first choice is full, O(A).
 */
public final class Pool {
    private static final long SET_ASIDE_NANOS = SetAsides.DURATION.toNanos();

    private PoolConfig config;
    private final Regions regions;
    private final Barred barred;
    private final SubscriberTable subscribers;
    private final Listener listener;
    private final LongSupplier clock;
    private final Pairing pairing;
    private final SlotBook slots;
    private final Mappings mappings;
    private final BlockBook blocks;
    private final DestinationUse destinations;
    private final ReuseWatch reuse;
    private final Place place = new Place();
    private final Draw draw;
    private final Placer placer;
    private final Supplier<Sounding> soundings;
    private final Function<Sounding, Placer> dryPlacers;
    private final Growth growth;
    private final PoolCounts counts;
    private final boolean isPaired;
    private final boolean choosesByWhatIsFree;
    /** Whether every unit is, but for those of pairs that are owned. */
    private final boolean isOfOneDestination;

    /** Told of what happens in the pool, inside the call that caused it. */
    public interface Listener {
        /** A slot of {@code unit} has become free; the number is good for this call. */
        void onSlotFree(int unit);

        /** Something has become free for which flows may wait that do not wait for one unit. */
        void onAnyFree();

        void onBlockAllocated(Subscriber subscriber, IpAddress address, PortRange ports);

        void onBlockReleased(Subscriber subscriber, IpAddress address, PortRange ports);
    }

    /** @param clock the core's time, in nanoseconds */
    public Pool(
            PoolConfig config,
            LimitConfig limits,
            RandomGenerator random,
            LongSupplier clock,
            SubscriberTable subscribers,
            Listener listener) {
        this.config = config;
        this.subscribers = subscribers;
        this.listener = listener;
        this.clock = clock;
        isPaired = config.pooling().behaviour() == Pooling.PAIRED
                && config.deterministic().isEmpty();
        choosesByWhatIsFree = config.blocks().isPresent()
                || config.pooling().overflow() == PairedOverflow.SPILL
                || config.pooling().chooseAddress() != AddressChoice.LEAST_LOADED;
        isOfOneDestination = config.reuseScope() == ReuseScope.FOUR_TUPLE;
        regions = new Regions(config);
        barred = new Barred(regions);
        pairing = new Pairing(regions.addressCount(), config.pooling().pairedIdle(), clock, barred);
        slots = new SlotBook(
                config, portsPerSubscriber(config, limits), regions, barred, subscribers, new SlotEvents());
        mappings = new Mappings(config.mapping().idle().toNanos());
        blocks = new BlockBook(config, regions, barred, random, clock, listener);
        destinations = new DestinationUse(config, regions, limits);
        reuse = new ReuseWatch(config.segmentLifetime().toNanos());
        AddressOrder order = new AddressOrder(config.pooling().chooseAddress(), regions, pairing, random);
        draw = new Draw(config, regions, barred, slots, mappings, pairing, order, destinations, random, place);
        Optional<BlockDraw> blockDraw = blocks.blocks().map(lent -> new BlockDraw(lent, regions, draw, random));
        placer = new Placer(config, regions, barred, slots, pairing, order, blockDraw, destinations, draw);
        soundings = () -> new Sounding(regions, slots, mappings, destinations, draw, blockDraw);
        dryPlacers = sounding -> new Placer(
                config,
                regions,
                barred,
                slots,
                pairing,
                order.still(),
                blockDraw.map(lent -> sounding),
                destinations,
                sounding);
        growth = new Growth(regions, pairing, slots, blocks);
        counts = new PoolCounts(barred, slots, mappings, blocks, reuse);
    }

    public PoolConfig config() {
        return config;
    }

    /** What it lends now, in detail. */
    public PoolView view() {
        return new PoolView(config, regions, barred, slots, pairing, blocks.blocks());
    }

    /** How much it lends, as of the last call. */
    public PoolCounts counts() {
        return counts;
    }

    /** Why no address can be added while flows live; empty if some can. */
    public Optional<String> growthObstacle() {
        return growth.obstacle(config);
    }

    /**
     * From now on {@code more} are external addresses too. Costs O(addresses + parts of pairs + units).
     *
     * @throws IllegalArgumentException if they overlap those that there are
     * @throws IllegalStateException if {@link #growthObstacle} says why not
     */
    public void addAddresses(List<AddressRange> more) {
        config = growth.add(config, more);
        listener.onAnyFree();
    }

    /** From now on that is what one destination may take. */
    public void limit(LimitConfig limits) {
        destinations.limit(limits);
    }

    /**
     * Whether it depends on what is free not only if a flow is granted, but also from where, so that what is due must be
     * free before.
     */
    public boolean choosesByWhatIsFree() {
        return choosesByWhatIsFree;
    }

    /** Whether {@code flow} takes a port, rather than share one that its internal endpoint has. */
    public boolean needsPort(FlowSpec flow) {
        Mapping behaviour = flow.mappingIn(config);
        return behaviour == Mapping.ADDRESS_AND_PORT_DEPENDENT
                || mappings.find(flow, behaviour).isEmpty();
    }

    /**
     * Gives {@code flow} an external endpoint.
     *
     * @throws IllegalArgumentException if the pool does not allow its mapping or its client class
     */
    public Placement place(FlowSpec flow) {
        placer.requireAllowed(flow);
        Mapping behaviour = flow.mappingIn(config);
        boolean isShared = behaviour != Mapping.ADDRESS_AND_PORT_DEPENDENT;
        Optional<ExternalMapping> known = isShared ? mappings.find(flow, behaviour) : Optional.empty();
        if (known.isPresent()) {
            return join(flow, known.get());
        }
        Found found = placer.find(flow);
        if (found instanceof Shortage shortage) {
            return shortage;
        }
        SubscriberUse owner = subscribers.use(flow.subscriber());
        slots.take(place, owner);
        blocks.opened(place);
        if (reuse.isOn()) {
            reuse.opened(slots.space().key(place.unit()), place.slot(), clock.getAsLong());
        }
        ExternalMapping mapping = isShared ? mappings.add(flow, behaviour, new Claim(place), owner) : null;
        if (mapping != null) {
            mappings.opened(mapping, flow.destination());
            listener.onAnyFree(); // for those who can share it
        }
        return counted(flow, owner, mapping);
    }

    /**
     * What {@link #place} would find now, if nothing is due. Changes nothing.
     *
     * @throws IllegalArgumentException if the pool does not allow its mapping or its client class
     */
    public Prospect prospect(FlowSpec flow) {
        placer.requireAllowed(flow);
        Mapping behaviour = flow.mappingIn(config);
        Optional<ExternalMapping> known =
                behaviour == Mapping.ADDRESS_AND_PORT_DEPENDENT ? Optional.empty() : mappings.find(flow, behaviour);
        if (known.isPresent()) {
            Claim claim = known.get().claim;
            return Prospect.joining(
                    regions.endpoint(claim.address(), claim.pair()), Optional.ofNullable(obstacle(flow, known.get())));
        }
        Sounding sounding = soundings.get();
        Found found = dryPlacers.apply(sounding).find(flow);
        boolean isShort = found instanceof Shortage;
        return new Prospect(
                isShort ? Optional.of((Shortage) found) : Optional.empty(),
                !isShort && !config.selection().selection().isExact(),
                Optional.empty(),
                sounding.looks());
    }

    /**
     * Ends a live flow; what it had alone rests for {@code holdNanos}, or is free at once if that is 0. Returns when its
     * destination may be reached from there again.
     *
     * @param holdNanos 0 or one of the delays of the pool's configuration
     */
    public long release(Lease lease, long holdNanos) {
        long now = clock.getAsLong();
        pairing.release(lease.pairing);
        boolean restsInSlot = holdNanos > 0 && lease.mapping == null;
        destinations.closed(lease.toDestination, restsInSlot);
        ExternalMapping mapping = lease.mapping;
        if (mapping != null) {
            long until = holdNanos > 0 ? HoldDown.roundUp(now + holdNanos) : now;
            leave(mapping, lease, until);
            return until;
        }
        if (reuse.isOn()) {
            reuse.closed(slots.space().key(lease.unit()), lease.slot(), now);
        }
        if (!restsInSlot) {
            slots.free(lease, lease.owner, false);
            blocks.closed(lease);
            return now;
        }
        long until = HoldDown.roundUp(now + holdNanos);
        blocks.laidToRest(lease, until);
        return slots.rest(lease, lease.owner, holdNanos, now);
    }

    /**
     * Ends a flow that met a foreign socket, and lends what that socket holds to nobody for a minute. A mapping that other
     * flows share stays, and keeps the destination for that time.
     *
     * @param wholePair whether the (address, port) pair is taken for every destination, or this one slot alone
     */
    public void setAside(Lease lease, boolean wholePair) {
        pairing.release(lease.pairing);
        destinations.closed(lease.toDestination, false);
        ExternalMapping mapping = lease.mapping;
        if (mapping != null) {
            if (!wholePair || mapping.live > 1) {
                leave(mapping, lease, HoldDown.roundUp(clock.getAsLong() + SET_ASIDE_NANOS));
                return;
            }
            mappings.remove(mapping);
            listener.onAnyFree(); // for those who waited to share it, and may have another now
        }
        slots.setAside(lease, lease.owner, wholePair, clock.getAsLong());
        blocks.closed(lease);
    }

    /** A flow begins to wait for what {@code shortage} says; it keeps the address that it was tried at. */
    public void beginWaiting(FlowSpec flow, Shortage shortage) {
        if (shortage.unit() != PortSpace.NO_UNIT) {
            slots.space().pin(shortage.unit());
        }
        if (shortage.isAtAddress()) {
            pairing.retain(flow.subscriber(), shortage.addressIndex());
        }
    }

    /** A flow waits no longer for what {@code shortage} says. */
    public void endWaiting(FlowSpec flow, Shortage shortage) {
        if (shortage.isAtAddress()) {
            pairing.release(flow.subscriber());
        }
        if (shortage.unit() != PortSpace.NO_UNIT) {
            slots.space().unpin(shortage.unit());
            slots.tidy(shortage.unit());
        }
    }

    /** Whether {@code unit} has no free slot, legal or not; false for {@link PortSpace#NO_UNIT}. */
    public boolean isFull(int unit) {
        return unit != PortSpace.NO_UNIT
                && slots.space().used(unit) == slots.space().size(unit);
    }

    /** When a slot might be free for which a flow waits that was held up by {@code shortage}. */
    public long notBeforeNanos(Shortage shortage) {
        return draw.notBeforeNanos(shortage);
    }

    /** Where {@code lease} leaves from; may be asked when it has ended too. */
    public Endpoint external(Lease lease) {
        return regions.endpoint(lease.address(), lease.pair());
    }

    /** Port blocks of {@code subscriber} that count towards its limit. */
    public int blocksOf(Subscriber subscriber) {
        return blocks.blocks().map(lent -> lent.usable(subscriber).size()).orElse(0);
    }

    /** The address that {@code subscriber} keeps, empty if it has none or the pool does not pair. */
    public Optional<IpAddress> pairedAddress(Subscriber subscriber) {
        OptionalInt kept = pairing.addressOf(subscriber);
        return kept.isPresent() ? Optional.of(regions.address(kept.getAsInt())) : Optional.empty();
    }

    /**
     * Lets no new flow leave from {@code address}, or lets them again; false if that was so already.
     *
     * @throws IllegalArgumentException if it is no address of this pool
     */
    public boolean setDisabled(IpAddress address, boolean isDisabled) {
        int index = regions.indexOf(address);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "address: " + address + " (expected: one of " + config.addresses() + ")");
        }
        if (barred.isDisabled(index) == isDisabled) {
            return false;
        }
        if (isDisabled) {
            mappings.retire(index);
        }
        slots.setDisabled(index, isDisabled);
        return true;
    }

    /**
     * Lends {@code external} to nobody from now on. False, and nothing has changed, if something lives or rests on it; true
     * too if the pool would not lend it anyway.
     */
    public boolean reserve(Protocol protocol, Endpoint external) {
        int pair = regions.countedPair(external);
        return pair < 0 || slots.reserve(protocol, pair);
    }

    /** Frees what is due, at most {@code limit} held slots, set-asides and mappings; returns how many. */
    public int expire(int limit) {
        long now = clock.getAsLong();
        int count = slots.expire(now, limit);
        return count + mappings.expire(now, limit - count, this::end);
    }

    /** When {@link #expire} has something to do next, {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNanos() {
        return Math.min(slots.nextDeadlineNanos(), mappings.nextDeadlineNanos());
    }

    /** Mappings that flows may share, idle ones included. */
    public int mappings() {
        return mappings.size();
    }

    private static int portsPerSubscriber(PoolConfig config, LimitConfig limits) {
        long inBlocks = config.blocks()
                .map(blocks -> (long) blocks.size() * blocks.maxPerSubscriber())
                .orElse(config.deterministic().isPresent() ? 0L : Integer.MAX_VALUE);
        int inShare = config.deterministic().isPresent() ? new DeterministicPlan(config).share() : 0;
        return (int) Math.min(limits.portsPerSubscriber(), inShare + inBlocks);
    }

    private Placement join(FlowSpec flow, ExternalMapping mapping) {
        Shortage obstacle = obstacle(flow, mapping);
        if (obstacle != null) {
            return obstacle;
        }
        Claim claim = mapping.claim;
        if (mappings.opened(mapping, flow.destination())) {
            slots.revive(claim);
            blocks.revived(claim);
        }
        place.shared(claim, slots.space().region(claim.unit()));
        return counted(flow, mapping.owner, mapping);
    }

    /** What keeps {@code flow} from the mapping that its internal endpoint has. */
    private @Nullable Shortage obstacle(FlowSpec flow, ExternalMapping mapping) {
        Claim claim = mapping.claim;
        Optional<DestinationUse.Reached> limit = destinations.reached(
                null, flow.protocol(), flow.destination(), slots.space().region(claim.unit()), claim.address());
        if (limit.isPresent()) {
            return Shortage.ofDestination(limit.get());
        }
        long free = mappings.freeNanos(mapping, flow.destination());
        return free > clock.getAsLong() || regions.isEndpoint(claim.address(), claim.pair(), flow.destination())
                ? draw.takenWithin(mapping, free)
                : null;
    }

    /** The place, with what counts the flow that takes it. */
    private Place counted(FlowSpec flow, SubscriberUse owner, @Nullable ExternalMapping mapping) {
        UnitUse use = slots.units().use(place.unit());
        DestinationUse.Counts toDestination =
                destinations.opened(use.counts, flow.protocol(), flow.destination(), place.region(), place.address());
        if (isOfOneDestination && !place.isOwned()) {
            use.counts = toDestination;
        }
        place.countedBy(
                owner, mapping, isPaired ? pairing.retain(flow.subscriber(), place.address()) : null, toDestination);
        return place;
    }

    private void leave(ExternalMapping mapping, Lease lease, long untilNanos) {
        long now = clock.getAsLong();
        if (mappings.closed(mapping, lease.leaseDestination(), untilNanos, now)) {
            slots.idle(mapping.claim);
            blocks.laidToRest(mapping.claim, mapping.endNanos);
        } else if (mapping.live == 0) {
            mappings.remove(mapping);
            slots.free(mapping.claim, mapping.owner, false);
            blocks.closed(mapping.claim);
        }
        listener.onAnyFree(); // the destination is free within the mapping, or it is known when it will be
    }

    private void end(ExternalMapping mapping) {
        slots.free(mapping.claim, mapping.owner, true);
        blocks.rested(mapping.claim);
        subscribers.tidy(mapping.owner, clock.getAsLong());
    }

    private final class SlotEvents implements SlotBook.Listener {
        @Override
        public void onRested(int unit, UnitKey key, SubscriberUse owner, long nowNanos) {
            destinations.rested(slots.units().use(unit).counts);
            blocks.rested(key);
            subscribers.tidy(owner, nowNanos);
        }

        @Override
        public void onFree(int unit, int slot) {
            draw.freed(unit, slot);
            listener.onSlotFree(unit);
        }

        @Override
        public void onPairFree() {
            listener.onAnyFree();
        }

        @Override
        public void onForgotten(int unit) {
            draw.forgotten(unit);
        }
    }
}
