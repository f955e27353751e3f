package dev.cgnat.core.pool;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.port.PortUnit;
import dev.cgnat.core.port.SlotTree;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Lends the slots of one pool and takes them back.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: see {@link SlotTree}; a new subscriber whose chosen address is full looks
 * at the others, O(A).
 */
public final class Pool {
    private final PoolConfig config;
    private final RandomGenerator random;
    private final SlotSpace space;
    private final Pairing pairing;
    private final SlotBook slots;

    /**
     * @param ticker the core's time, for pairings that lapse
     * @param onSlotFree told whenever a slot of a unit has become free
     */
    public Pool(PoolConfig config, RandomGenerator random, Ticker ticker, Consumer<PortUnit> onSlotFree) {
        this.config = config;
        this.random = random;
        space = new SlotSpace(config);
        pairing = new Pairing(space.addressCount(), config.pairedIdle(), ticker);
        slots = new SlotBook(space, config.holdDown(), onSlotFree);
    }

    public PoolConfig config() {
        return config;
    }

    /**
     * The unit from which {@code subscriber} may be given a port to {@code destination}; {@link #tidy} it if unused.
     *
     * <p>A subscriber that keeps no address gets one with a legal slot if there is any, among those the one with the fewest
     * subscribers; else the one where a slot comes free first.
     */
    public PortUnit unitFor(Subscriber subscriber, Endpoint destination) {
        OptionalInt kept = space.isPerAddress() ? pairing.addressOf(subscriber) : OptionalInt.of(UnitKey.ANY);
        int address = kept.isPresent() ? kept.getAsInt() : addressForNew(destination);
        return slots.units().unit(space.key(destination, address));
    }

    /** The address that {@code subscriber} keeps, empty if it has none or the pool does not pair. */
    public Optional<IpAddress> pairedAddress(Subscriber subscriber) {
        OptionalInt kept = pairing.addressOf(subscriber);
        return kept.isPresent() ? Optional.of(space.address(kept.getAsInt())) : Optional.empty();
    }

    /** Takes a slot of {@code unit}, uniformly from the legal ones; empty only if there is none. */
    public Optional<Claim> claim(PortUnit unit, Subscriber subscriber, Endpoint destination) {
        int ownEndpoint = SlotTree.NO_SLOT;
        Optional<Claim> claim = Optional.empty();
        while (claim.isEmpty()) {
            int slot = unit.claimUniform(random);
            if (slot == SlotTree.NO_SLOT) {
                break;
            }
            int pair = space.pair(unit, slot);
            if (slots.isSetAside(unit, slot, pair)) {
                continue;
            }
            int address = space.isHostScope() ? hostAddress(pair, subscriber, destination) : space.addressOf(pair);
            Endpoint external = space.endpoint(address, pair);
            if (external.equals(destination)) {
                ownEndpoint = slot; // a socket that connects to itself; kept claimed until the draw is over
                continue;
            }
            if (space.isPaired()) {
                pairing.retain(subscriber, address);
            }
            claim = Optional.of(new Claim(unit, slot, pair, external));
        }
        if (ownEndpoint != SlotTree.NO_SLOT) {
            unit.release(ownEndpoint);
        }
        claim.ifPresent(slots::take);
        return claim;
    }

    /** Whether an address other than that of {@code unit} has a legal slot to {@code destination}. Paired pooling only. */
    public boolean hasLegalSlotElsewhere(PortUnit unit, Endpoint destination) {
        return space.isPerAddress() && slots.hasLegalSlotElsewhere(unit, destination);
    }

    /** When the first held slot of {@code unit} is free, {@link Long#MAX_VALUE} if none is held. */
    public long nextDeadlineNanos(PortUnit unit) {
        return slots.holdDown().nextDeadlineNanos(unit);
    }

    /**
     * Ends a live flow; its slot rests for {@code holdNanos}, or is free at once if that is 0. Returns when it is free.
     *
     * @param holdNanos 0 or one of the delays of the pool's configuration
     */
    public long release(Claim claim, SubscriberUse owner, long holdNanos, long nowNanos) {
        unpair(owner.subscriber());
        if (holdNanos > 0) {
            return slots.rest(claim, owner, holdNanos, nowNanos);
        }
        slots.free(claim, owner);
        return nowNanos;
    }

    /**
     * Ends a flow that met a foreign socket, and lends what that socket holds to nobody for a minute.
     *
     * @param wholePair whether the (address, port) pair is taken for every destination, or this one slot alone
     */
    public void setAside(Claim claim, SubscriberUse owner, boolean wholePair, long nowNanos) {
        unpair(owner.subscriber());
        slots.setAside(claim, owner, wholePair, nowNanos);
    }

    /** A flow of {@code subscriber} begins to wait for a slot of {@code unit}. */
    public void beginWaiting(PortUnit unit, Subscriber subscriber) {
        unit.waitingBegan();
        if (space.isPerAddress()) {
            pairing.retain(subscriber, unit.key().address());
        }
    }

    /** A flow of {@code subscriber} waits no longer. */
    public void endWaiting(PortUnit unit, Subscriber subscriber) {
        unit.waitingEnded();
        if (space.isPerAddress()) {
            pairing.release(subscriber);
        }
        tidy(unit);
    }

    /** Forgets {@code unit} if nothing is left in it. */
    public void tidy(PortUnit unit) {
        slots.units().tidy(unit);
    }

    /** Frees what is due, at most {@code limit} held slots and set-asides; returns how many. */
    public int expire(long nowNanos, int limit, Consumer<SubscriberUse> onRested) {
        return slots.expire(nowNanos, limit, onRested);
    }

    /** When {@link #expire} has something to do next, {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNanos() {
        return slots.nextDeadlineNanos();
    }

    /** (address, port) pairs in all, excluded ports included; ports alone in scope {@code host}. */
    public int capacity() {
        return space.capacity();
    }

    /** Pairs that are excluded by configuration, or set aside and not in use or held. */
    public int reservedPairs() {
        return space.excludedPairs() + slots.pairs().reserved();
    }

    public int pairsInUse() {
        return slots.pairs().inUse();
    }

    public int pairsHeld() {
        return slots.pairs().held();
    }

    /** Slots that rest, over all units. */
    public int heldSlots() {
        return slots.holdDown().size();
    }

    /** (live + held) slots of the fullest unit ÷ its slots, 0 to 1. */
    public double maxUnitUtilization() {
        return slots.units().maxUtilization();
    }

    /** Units with anything in them. */
    public int unitCount() {
        return slots.units().count();
    }

    private void unpair(Subscriber subscriber) {
        if (space.isPaired()) {
            pairing.release(subscriber);
        }
    }

    private int addressForNew(Endpoint destination) {
        int least = pairing.leastLoaded(random);
        if (slots.hasLegalSlot(space.key(destination, least), destination)) {
            return least;
        }
        int soonest = least;
        long soonestNanos = Long.MAX_VALUE;
        for (int i = 0; i < space.addressCount(); i++) {
            int address = pairing.byLoad(i);
            UnitKey key = space.key(destination, address);
            if (slots.hasLegalSlot(key, destination)) {
                return address;
            }
            long deadline = slots.nextDeadlineNanos(key);
            if (deadline < soonestNanos) {
                soonest = address;
                soonestNanos = deadline;
            }
        }
        return soonest;
    }

    /** The address for a port of scope {@code host}: that of the pairing, but never the destination itself if avoidable. */
    private int hostAddress(int port, Subscriber subscriber, Endpoint destination) {
        int count = space.addressCount();
        int address = space.isPaired()
                ? pairing.addressOf(subscriber).orElseGet(() -> pairing.leastLoaded(random))
                : random.nextInt(count);
        if (count == 1 || !space.endpoint(address, port).equals(destination)) {
            return address;
        }
        if (space.isPaired()) {
            return pairing.byLoad(pairing.byLoad(0) == address ? 1 : 0);
        }
        return (address + 1 + random.nextInt(count - 1)) % count;
    }
}
