package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.port.HoldDown;
import dev.cgnat.core.port.PairUse;
import dev.cgnat.core.port.PortUnit;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final SlotSpace space;
    private final Units units;
    private final SetAsides setAsides = new SetAsides();
    private final HoldDown<SubscriberUse> holdDown;
    private final PairUse pairs = new PairUse();
    private final Consumer<PortUnit> onSlotFree;

    /** @param onSlotFree told whenever a slot of a unit has become free */
    SlotBook(SlotSpace space, HoldDownConfig holdDown, Consumer<PortUnit> onSlotFree) {
        this.space = space;
        this.onSlotFree = onSlotFree;
        this.holdDown = new HoldDown<>(delays(holdDown));
        units = new Units(space.slotsPerUnit(), space.isPerAddress() && space.addressCount() > 1);
    }

    Units units() {
        return units;
    }

    PairUse pairs() {
        return pairs;
    }

    HoldDown<SubscriberUse> holdDown() {
        return holdDown;
    }

    /** Whether a unit, which may not exist yet, has a slot that a draw to {@code destination} may return. */
    boolean hasLegalSlot(UnitKey key, Endpoint destination) {
        PortUnit unit = units.find(key).orElse(null);
        int free = units.slotsPerUnit() - (unit == null ? 0 : unit.used());
        if (free > setAsides.pairs().size() + 1) {
            return true; // more than all that could be illegal
        }
        for (int pair : setAsides.pairs()) {
            if (isFree(key, unit, pair)) {
                free--;
            }
        }
        OptionalInt own = space.pairOf(destination);
        if (own.isPresent() && !setAsides.contains(own.getAsInt()) && isFree(key, unit, own.getAsInt())) {
            free--;
        }
        return free > 0;
    }

    /** Whether a unit of the same destination at another address has a legal slot. Only where units are per address. */
    boolean hasLegalSlotElsewhere(PortUnit unit, Endpoint destination) {
        long slots = (long) units.slotsPerUnit() * (space.addressCount() - 1);
        if (slots == 0 || slots == units.usedBy(unit.key()) - unit.used()) {
            return false;
        }
        if (setAsides.pairs().isEmpty() && space.pairOf(destination).isEmpty()) {
            return true;
        }
        for (int address = 0; address < space.addressCount(); address++) {
            if (address != unit.key().address() && hasLegalSlot(unit.key().at(address), destination)) {
                return true;
            }
        }
        return false;
    }

    /** When the first held slot of the unit of {@code key} is free, {@link Long#MAX_VALUE} if none is held. */
    long nextDeadlineNanos(UnitKey key) {
        return units.find(key).map(holdDown::nextDeadlineNanos).orElse(Long.MAX_VALUE);
    }

    /** Whether a draw that landed on {@code slot} must not lend it; it is then booked as reserved. */
    boolean isSetAside(PortUnit unit, int slot, int pair) {
        if (!setAsides.contains(pair)) {
            return false;
        }
        setAsides.met(pair, unit, slot);
        unit.reserve();
        units.usedChanged(unit, 1);
        return true;
    }

    /** A drawn slot is live. */
    void take(Claim claim) {
        units.usedChanged(claim.unit(), 1);
        units.occupiedRose(claim.unit());
        pairs.opened(claim.pair());
    }

    /** A live slot rests; returns when it will be free. */
    long rest(Claim claim, SubscriberUse owner, long holdNanos, long nowNanos) {
        owner.laidToRest();
        pairs.laidToRest(claim.pair());
        return holdDown.hold(claim.unit(), claim.slot(), owner, holdNanos, nowNanos);
    }

    /** A live slot is free. */
    void free(Claim claim, SubscriberUse owner) {
        owner.released();
        pairs.released(claim.pair());
        claim.unit().release(claim.slot());
        units.occupiedFell(claim.unit());
        slotFree(claim.unit());
    }

    /** A live slot, and with {@code wholePair} every other slot of its pair, is reserved for a while. */
    void setAside(Claim claim, SubscriberUse owner, boolean wholePair, long nowNanos) {
        owner.released();
        pairs.released(claim.pair());
        claim.unit().reserve();
        units.occupiedFell(claim.unit());
        if (!wholePair) {
            setAsides.addSlot(claim.pair(), claim.unit(), claim.slot(), nowNanos);
            pairs.setAside(claim.pair());
        } else if (setAsides.addPair(claim.pair(), claim.unit(), claim.slot(), nowNanos)) {
            pairs.setAside(claim.pair());
        }
    }

    /** Frees what is due, at most {@code limit} held slots and set-asides; returns how many. */
    int expire(long nowNanos, int limit, Consumer<SubscriberUse> onRested) {
        int rested = holdDown.expire(nowNanos, limit, (unit, slot, owner) -> {
            owner.rested();
            pairs.rested(space.pair(unit, slot));
            units.occupiedFell(unit);
            onRested.accept(owner);
            slotFree(unit);
        });
        return rested
                + setAsides.expire(nowNanos, limit - rested, new SetAsides.Listener() {
                    @Override
                    public void onEnded(int pair) {
                        pairs.setAsideEnded(pair);
                    }

                    @Override
                    public void onSlotReturned(PortUnit unit, int slot) {
                        unit.releaseReserved(slot);
                        slotFree(unit);
                    }
                });
    }

    /** When {@link #expire} has something to do next, {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNanos() {
        return Math.min(holdDown.nextDeadlineNanos(), setAsides.nextDeadlineNanos());
    }

    private void slotFree(PortUnit unit) {
        units.usedChanged(unit, -1);
        onSlotFree.accept(unit);
        units.tidy(unit);
    }

    private boolean isFree(UnitKey key, @Nullable PortUnit unit, int pair) {
        return space.addressOf(pair) == key.address() && (unit == null || !unit.isUsed(pair % space.portCount()));
    }

    private static long[] delays(HoldDownConfig config) {
        return Stream.of(config.clientFin(), config.serverFin(), config.reset(), config.idle(), config.connectFailed())
                .filter(delay -> !delay.isZero())
                .mapToLong(Duration::toNanos)
                .toArray();
    }
}
