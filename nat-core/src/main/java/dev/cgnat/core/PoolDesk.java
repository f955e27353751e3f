package dev.cgnat.core;

import dev.cgnat.core.NatSnapshot.BlockCounts;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.NatSnapshot.SubscriberCounts;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.pool.Pool;
import dev.cgnat.core.pool.PoolTotals;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.subscriber.PortTally;
import dev.cgnat.core.subscriber.SubscriberTable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One pool with its waiting room and its counters. <b>Ownership</b>: one thread. */
final class PoolDesk {
    private static final long SECOND = 1_000_000_000L;

    private final Pool pool;
    private final SubscriberTable subscribers;
    private final WaitingRoom waitingRoom;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Map<CloseCause, Closed> closed = new EnumMap<>(CloseCause.class);
    private final Set<Integer> linesToServe = new LinkedHashSet<>();
    /** Whether there are any: mostly not. */
    private boolean hasLinesToServe;

    private long granted;
    private long setAside;
    private int sessions;
    private long shortSeconds;
    private long lastShortSecond = -1;

    PoolDesk(
            NatConfig config,
            PoolConfig poolConfig,
            RandomGenerator random,
            LongSupplier clock,
            SubscriberTable subscribers,
            Consumer<NatEvent> listener) {
        this.subscribers = subscribers;
        pool = new Pool(poolConfig, config.limits(), random, clock, subscribers, new Pool.Listener() {
            @Override
            public void onSlotFree(int unit) {
                if (waitingRoom().size() > 0) {
                    serveLater(unit);
                    serveLater(PortSpace.NO_UNIT);
                }
            }

            @Override
            public void onAnyFree() {
                for (int line : waitingRoom().lines()) {
                    serveLater(line);
                }
            }

            @Override
            public void onBlockAllocated(Subscriber subscriber, IpAddress address, PortRange ports) {
                listener.accept(new NatEvent.BlockAllocated(
                        new PortBlock(poolConfig.name(), subscriber, address, ports), clock.getAsLong()));
            }

            @Override
            public void onBlockReleased(Subscriber subscriber, IpAddress address, PortRange ports) {
                listener.accept(new NatEvent.BlockReleased(
                        new PortBlock(poolConfig.name(), subscriber, address, ports), clock.getAsLong()));
            }
        });
        waitingRoom = new WaitingRoom(pool);
        Stream.of(Refusal.values())
                .filter(reason -> !reason.isShell())
                .forEach(reason -> refused.put(reason, new Counter()));
        for (CloseCause cause : CloseCause.values()) {
            closed.put(cause, new Closed(cause.holdDown(poolConfig.holdDown()).toNanos()));
        }
    }

    Pool pool() {
        return pool;
    }

    WaitingRoom waitingRoom() {
        return waitingRoom;
    }

    /** Whether the desk is of the NAT that counts its subscribers there. */
    boolean isOf(SubscriberTable table) {
        return subscribers == table;
    }

    boolean hasLinesToServe() {
        return hasLinesToServe;
    }

    /** The lines in which a flow may have come to its turn since the last call. */
    int[] takeLinesToServe() {
        int[] lines = linesToServe.stream().mapToInt(Integer::intValue).toArray();
        linesToServe.clear();
        hasLinesToServe = false;
        return lines;
    }

    void countGranted() {
        granted++;
        sessions++;
    }

    void countRefused(Refusal reason, long nowNanos) {
        counter(refused, reason).count++;
        if (reason.isOutOfPorts()) {
            countShort(nowNanos);
        }
    }

    /** A flow found no port; {@code nowNanos} never goes backwards. */
    void countShort(long nowNanos) {
        long second = nowNanos / SECOND;
        if (second != lastShortSecond) {
            lastShortSecond = second;
            shortSeconds++;
        }
    }

    /** A flow has ended by {@code cause}; returns for how many nanoseconds its slot rests. */
    long countClosed(CloseCause cause) {
        sessions--;
        Closed ofCause = counter(closed, cause);
        ofCause.count++;
        return ofCause.holdDownNanos;
    }

    void countSetAside() {
        setAside++;
        sessions--;
    }

    long nextDeadlineNanos() {
        return Math.min(
                pool.nextDeadlineNanos(), Math.min(waitingRoom.nextDeadlineNanos(), waitingRoom.nextWakeNanos()));
    }

    /** Has those looked at who wait for something that rests no longer. */
    void wake(long nowNanos) {
        if (waitingRoom.wakes(nowNanos)) {
            serveLater(PortSpace.NO_UNIT);
        }
    }

    /** Served at the end of the call, when all that is due is free and every limit counts right. */
    private void serveLater(int line) {
        if (waitingRoom.hasLine(line)) {
            linesToServe.add(line);
            hasLinesToServe = true;
        }
    }

    PoolSnapshot snapshot() {
        PoolTotals totals = pool.counts().totals();
        Map<Protocol, PairCounts> pairs = new EnumMap<>(Protocol.class);
        totals.pairs()
                .forEach((protocol, of) ->
                        pairs.put(protocol, new PairCounts(of.capacity(), of.inUse(), of.held(), of.reserved())));
        PoolTotals.PortBlocks blocks = totals.blocks();
        return new PoolSnapshot(
                pool.config(),
                pairs,
                new BlockCounts(blocks.total(), blocks.inUse(), blocks.held(), blocks.allocated(), blocks.released()),
                sessions,
                totals.heldSlots(),
                totals.mappings(),
                waitingRoom.size(),
                totals.units(),
                totals.disabledAddresses(),
                totals.maxUnitUtilization(),
                granted,
                setAside,
                totals.unsafeReuses(),
                values(refused),
                values(closed),
                shortSeconds,
                subscribers(pool.counts().tally(Protocol.TCP)),
                inUseByAddress());
    }

    private static SubscriberCounts subscribers(PortTally tally) {
        return new SubscriberCounts(
                tally.active(),
                tally.nearLimit(),
                tally.atLimit(),
                tally.most(),
                Arrays.stream(tally.peaks()).boxed().toList(),
                tally.peakSum());
    }

    private List<Integer> inUseByAddress() {
        return pool.config().reuseScope() == ReuseScope.HOST
                ? List.of()
                : Arrays.stream(pool.counts().inUseByAddress(Protocol.TCP))
                        .boxed()
                        .toList();
    }

    private static <K, C> C counter(Map<K, C> counters, K key) {
        return Objects.requireNonNull(counters.get(key));
    }

    private static <K> Map<K, Long> values(Map<K, ? extends Counter> counters) {
        return counters.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().count));
    }

    private static class Counter {
        long count;
    }

    /** Flows that ended by one cause, and how long their slots rest. */
    private static final class Closed extends Counter {
        final long holdDownNanos;

        Closed(long holdDownNanos) {
            this.holdDownNanos = holdDownNanos;
        }
    }
}
