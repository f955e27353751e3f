package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.port.HoldDown;
import dev.cgnat.core.port.PairUse;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.subscriber.PortTally;
import dev.cgnat.core.subscriber.SubscriberTable;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * What every slot of a pool is doing, and the totals: each change of a slot is booked here, in all places at once.
 *
 * <pre>
 *   free ──take──► live ──rest──► held ──expire──► free
 *                   ├──free─────────────────────► free
 *                   └──setAside──► reserved ──expire──► free
 * </pre>
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) each.
 */
final class SlotBook {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final Regions regions;
    private final Barred barred;
    private final SubscriberTable subscribers;
    private final Listener listener;
    private final PortSpace space = new PortSpace();
    private final HoldDown holdDown;
    private final Units units;
    /** By number of the protocol, as all that follows. */
    private final PairUse[] pairs = new PairUse[PROTOCOLS.length];

    private final SetAsides[] setAsides = new SetAsides[PROTOCOLS.length];
    private final PortTally[] tallies = new PortTally[PROTOCOLS.length];
    private final Ownership ownership;
    private final LegalSlots legal;
    private final int maxHeld;

    /** Told what others must know of a slot. */
    interface Listener {
        /** A slot rests no longer, and is free. */
        void onRested(int unit, UnitKey key, SubscriberUse owner, long nowNanos);

        /** A slot of {@code unit} has become free, for whatever reason; the unit is forgotten afterwards if it is empty. */
        void onFree(int unit, int slot);

        /** A pair has become free for those who would own it, or for all destinations. */
        void onPairFree();

        /** The unit of that number is no more. */
        void onForgotten(int unit);
    }

    /** @param portLimit ports that one subscriber may have, {@link Integer#MAX_VALUE} if there is no limit */
    SlotBook(
            PoolConfig config,
            int portLimit,
            Regions regions,
            Barred barred,
            SubscriberTable subscribers,
            Listener listener) {
        this.regions = regions;
        this.barred = barred;
        this.subscribers = subscribers;
        this.listener = listener;
        holdDown = new HoldDown(space, delays(config.holdDown()));
        units = new Units(regions, space);
        Arrays.setAll(pairs, i -> new PairUse(regions.pairs(), regions.portCount()));
        Arrays.setAll(setAsides, i -> new SetAsides());
        Arrays.setAll(tallies, i -> new PortTally(portLimit));
        ownership = new Ownership(config, regions, barred, space, pairs);
        legal = new LegalSlots(regions, barred, space, setAsides);
        maxHeld = config.holdDown().maxHeld();
    }

    /** There are more addresses than before. */
    void grew() {
        for (PairUse use : pairs) {
            use.grow(regions.pairs());
        }
    }

    PortSpace space() {
        return space;
    }

    Units units() {
        return units;
    }

    Ownership ownership() {
        return ownership;
    }

    LegalSlots legal() {
        return legal;
    }

    HoldDown holdDown() {
        return holdDown;
    }

    PairUse pairs(Protocol protocol) {
        return pairs[protocol.number()];
    }

    Map<Protocol, PoolTotals.Pairs> pairTotals() {
        Map<Protocol, PoolTotals.Pairs> totals = new EnumMap<>(Protocol.class);
        for (Protocol protocol : PROTOCOLS) {
            PairUse use = pairs(protocol);
            totals.put(
                    protocol,
                    new PoolTotals.Pairs(
                            regions.capacity(), use.inUse(), use.held(), regions.excludedPairs() + use.reserved()));
        }
        return totals;
    }

    /** Whether a draw that landed on {@code slot} must not lend it; it is then booked as reserved. */
    boolean isSetAside(Protocol protocol, int unit, int slot, int pair) {
        SetAsides aside = setAsides(protocol);
        boolean isBarred = barred.contains(protocol, pair) && space.key(unit).region() != Regions.EVERY_ADDRESS;
        if (isBarred) {
            barred.met(unit, slot);
        } else if (aside.contains(pair)) {
            aside.met(pair, unit, slot);
        } else {
            return false;
        }
        units.use(unit).reserved++;
        units.usedChanged(unit, 1);
        return true;
    }

    /** A drawn slot is live. */
    void take(Place drawn, SubscriberUse owner) {
        owner.portTaken(drawn.protocol());
        tally(drawn.protocol()).taken(owner.number());
        units.usedChanged(drawn.unit(), 1);
        units.occupiedRose(drawn.unit());
        PairUse use = pairs(drawn.protocol());
        if (drawn.isOwned()) {
            regions.forEachPair(space.region(drawn.unit()), drawn.slot(), use::opened);
        } else {
            use.opened(drawn.pair());
            ownership.carryingBegan(drawn.protocol(), drawn.pair());
        }
    }

    /** A live slot rests; returns when it will be free. */
    long rest(Claim claim, SubscriberUse owner, long holdNanos, long nowNanos) {
        PairUse use = pairs(claim.protocol());
        forEachPair(claim, use::laidToRest);
        units.use(claim.unit()).held++;
        long deadline = holdDown.hold(claim.unit(), claim.slot(), owner.number(), holdNanos, nowNanos);
        while (holdDown.size() > maxHeld) {
            holdDown.expireFirst((unit, slot, number) -> rested(unit, slot, number, nowNanos));
        }
        return deadline;
    }

    /** The pair of a mapping carries no flow any more, but stays taken. */
    void idle(Claim claim) {
        pairs(claim.protocol()).laidToRest(claim.pair());
    }

    /** The pair of a mapping that carried no flow carries one again. */
    void revive(Claim claim) {
        pairs(claim.protocol()).revived(claim.pair());
    }

    /** A live slot is free; with {@code wasIdle} that of a mapping without flows. */
    void free(Claim claim, SubscriberUse owner, boolean wasIdle) {
        portFreed(owner, claim.protocol());
        PairUse use = pairs(claim.protocol());
        if (wasIdle) {
            use.rested(claim.pair());
        } else {
            forEachPair(claim, use::released);
        }
        space.release(claim.unit(), claim.slot());
        units.occupiedFell(claim.unit());
        pairLeft(claim.protocol(), claim.isOwned(), claim.pair());
        slotFree(claim.unit(), claim.slot());
    }

    /** A live slot, and with {@code wholePair} every other slot of its pair, is reserved for a while. */
    void setAside(Claim claim, SubscriberUse owner, boolean wholePair, long nowNanos) {
        portFreed(owner, claim.protocol());
        PairUse use = pairs(claim.protocol());
        forEachPair(claim, use::released);
        units.use(claim.unit()).reserved++;
        units.occupiedFell(claim.unit());
        SetAsides aside = setAsides(claim.protocol());
        if (!wholePair) {
            aside.addSlot(claim.pair(), claim.unit(), claim.slot(), nowNanos);
            use.setAside(claim.pair());
        } else if (aside.addPair(claim.pair(), claim.unit(), claim.slot(), nowNanos)) {
            use.setAside(claim.pair());
        }
    }

    /** Frees what is due, at most {@code limit} held slots and set-asides; returns how many. */
    int expire(long nowNanos, int limit) {
        int count = holdDown.expire(nowNanos, limit, (unit, slot, number) -> rested(unit, slot, number, nowNanos));
        return nextSetAsideNanos() > nowNanos ? count : count + endSetAsides(nowNanos, limit - count);
    }

    private int endSetAsides(long nowNanos, int limit) {
        int count = 0;
        for (Protocol protocol : PROTOCOLS) {
            PairUse use = pairs(protocol);
            count += setAsides(protocol).expire(nowNanos, limit - count, new SetAsides.Listener() {
                @Override
                public void onEnded(int pair) {
                    use.setAsideEnded(pair);
                    pairLeft(protocol, false, pair);
                }

                @Override
                public void onSlotReturned(int unit, int slot) {
                    units.use(unit).reserved--;
                    space.release(unit, slot);
                    UnitKey key = space.key(unit);
                    if (key.isOwned()) {
                        carryIfBarred(key.protocol(), regions.pair(key.region(), slot));
                    }
                    slotFree(unit, slot);
                }
            });
        }
        return count;
    }

    /** When {@link #expire} has something to do next, {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNanos() {
        return Math.min(holdDown.nextDeadlineNanos(), nextSetAsideNanos());
    }

    private long nextSetAsideNanos() {
        long earliest = Long.MAX_VALUE;
        for (SetAsides aside : setAsides) {
            earliest = Math.min(earliest, aside.nextDeadlineNanos());
        }
        return earliest;
    }

    /** No more of {@code address} is lent from now on, or more again. */
    void setDisabled(int address, boolean isDisabled) {
        barred.setDisabled(address, isDisabled);
        for (PairUse use : pairs) {
            if (regions.isHostScope()) {
                use.setBarred(0, barred.isAllDisabled());
            } else {
                use.setBarred(address, isDisabled);
            }
        }
        if (regions.spansAddresses()) {
            ownership.barredChanged(address);
            giveBackUnbarred();
        }
    }

    /** Lends {@code pair} to nobody any more; false if something lives or rests on it. */
    boolean reserve(Protocol protocol, int pair) {
        if (pairs(protocol).isCarrying(pair)) {
            return false;
        }
        if (barred.reserve(protocol, pair)) {
            pairs(protocol).setAside(pair);
            ownership.barred(protocol, pair);
        }
        return true;
    }

    private void giveBackUnbarred() {
        for (int unit : barred.units()) {
            UnitKey key = space.key(unit);
            for (int slot : barred.takeBack(unit)) {
                if (barred.contains(key.protocol(), regions.pair(key.region(), slot))) {
                    barred.met(unit, slot);
                } else {
                    units.use(unit).reserved--;
                    space.release(unit, slot);
                    units.usedChanged(unit, -1);
                    listener.onFree(unit, slot);
                }
            }
            tidy(unit);
        }
    }

    /** Forgets {@code unit} if nothing is left in it. */
    void tidy(int unit) {
        int taken = barred.taken(unit);
        if (taken > 0 && taken == space.used(unit)) {
            for (int slot : barred.takeBack(unit)) {
                units.use(unit).reserved--;
                space.release(unit, slot);
                units.usedChanged(unit, -1);
            }
        }
        if (units.tidy(unit)) {
            listener.onForgotten(unit);
        }
    }

    private void rested(int unit, int slot, int number, long nowNanos) {
        UnitKey key = space.key(unit);
        boolean isOwned = key.isOwned();
        int pair = regions.pair(key.region(), slot);
        SubscriberUse owner = subscribers.get(number);
        portFreed(owner, key.protocol());
        PairUse use = pairs(key.protocol());
        regions.forEachPair(key.region(), slot, use::rested);
        units.use(unit).held--;
        units.occupiedFell(unit);
        pairLeft(key.protocol(), isOwned, pair);
        listener.onRested(unit, key, owner, nowNanos);
        slotFree(unit, slot);
    }

    /** Nothing lives or rests any more in one slot of {@code pair}. */
    private void pairLeft(Protocol protocol, boolean wasOwned, int pair) {
        if (wasOwned) {
            carryIfBarred(protocol, pair);
        }
        if (wasOwned || ownership.carryingEnded(protocol, pair)) {
            listener.onPairFree();
        }
    }

    /** Who would own a barred pair that is free meets it like one that carries flows; those who would share it are kept off as they land on it. */
    private void carryIfBarred(Protocol protocol, int pair) {
        if (barred.contains(protocol, pair)) {
            ownership.carryingBegan(protocol, pair);
        }
    }

    private void slotFree(int unit, int slot) {
        units.usedChanged(unit, -1);
        listener.onFree(unit, slot);
        tidy(unit);
    }

    private void forEachPair(Claim claim, IntConsumer change) {
        if (claim.isOwned()) {
            regions.forEachPair(space.region(claim.unit()), claim.slot(), change);
        } else {
            change.accept(claim.pair());
        }
    }

    private void portFreed(SubscriberUse owner, Protocol protocol) {
        tally(protocol).freed(owner.number());
        owner.portFreed(protocol);
    }

    PortTally tally(Protocol protocol) {
        return tallies[protocol.number()];
    }

    private SetAsides setAsides(Protocol protocol) {
        return setAsides[protocol.number()];
    }

    private static long[] delays(HoldDownConfig config) {
        return Stream.of(config.clientFin(), config.serverFin(), config.reset(), config.idle(), config.connectFailed())
                .filter(delay -> !delay.isZero())
                .mapToLong(Duration::toNanos)
                .toArray();
    }
}
