package dev.cgnat.core;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.pool.Pool;
import dev.cgnat.core.port.PortUnit;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One pool with its waiting room and its counters. <b>Ownership</b>: one thread. */
final class PoolDesk {
    private final Pool pool;
    private final WaitingRoom waitingRoom;
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private final Map<CloseCause, Long> closed = new EnumMap<>(CloseCause.class);
    private final Set<PortUnit> unitsToServe = new LinkedHashSet<>();
    private long granted;
    private long setAside;

    PoolDesk(PoolConfig config, RandomGenerator random, Ticker ticker) {
        pool = new Pool(config, random, ticker, this::onSlotFree);
        waitingRoom = new WaitingRoom(pool);
        Stream.of(Refusal.values()).filter(reason -> !reason.isShell()).forEach(reason -> refused.put(reason, 0L));
        Stream.of(CloseCause.values()).forEach(cause -> closed.put(cause, 0L));
    }

    Pool pool() {
        return pool;
    }

    WaitingRoom waitingRoom() {
        return waitingRoom;
    }

    boolean hasUnitsToServe() {
        return !unitsToServe.isEmpty();
    }

    /** The units in which a slot came free while flows waited for one, since the last call. */
    List<PortUnit> takeUnitsToServe() {
        List<PortUnit> units = List.copyOf(unitsToServe);
        unitsToServe.clear();
        return units;
    }

    void countGranted() {
        granted++;
    }

    void countRefused(Refusal reason) {
        refused.merge(reason, 1L, Long::sum);
    }

    void countClosed(CloseCause cause) {
        closed.merge(cause, 1L, Long::sum);
    }

    void countSetAside() {
        setAside++;
    }

    long nextDeadlineNanos() {
        return Math.min(pool.nextDeadlineNanos(), waitingRoom.nextDeadlineNanos());
    }

    /** Live flows. */
    private int sessions() {
        return (int) (granted
                - setAside
                - closed.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Served later, when all that is due is free and every limit counts right. */
    private void onSlotFree(PortUnit unit) {
        if (unit.hasWaiting()) {
            unitsToServe.add(unit);
        }
    }

    PoolSnapshot snapshot() {
        return new PoolSnapshot(
                pool.config(),
                pool.capacity(),
                pool.pairsInUse(),
                pool.pairsHeld(),
                pool.reservedPairs(),
                sessions(),
                pool.heldSlots(),
                waitingRoom.size(),
                pool.unitCount(),
                pool.maxUnitUtilization(),
                granted,
                setAside,
                refused,
                closed);
    }
}
