package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.port.HoldDown;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The mappings of a pool that several flows may share: endpoint-independent and address-dependent ones.
 *
 * <pre>
 *   first flow ──► live ──last flow ends──► idle ──end──► gone, its slot is free
 *                   ▲                         │
 *                   └────── a flow comes ─────┘
 * </pre>
 *
 * <p>An idle mapping ends when its idle time is over and the destinations of its flows have rested. Within a mapping a
 * destination carries one flow at a time, and rests after it.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(log n) among n idle mappings; about 400 bytes per mapping and 80 per flow.
 * <b>RFC</b>: 4787 REQ-1, 5382 REQ-1.
 */
final class Mappings {
    /** Destinations that have rested and are still listed, beside as many as live. */
    private static final int MAX_RESTED = 16;

    private static final Comparator<ExternalMapping> BY_END = Comparator.comparingLong(
                    (ExternalMapping mapping) -> mapping.endNanos)
            .thenComparingLong(mapping -> mapping.number);

    private final long idleNanos;
    private final Map<ExternalMapping.Key, ExternalMapping> byKey = new HashMap<>();
    private final TreeSet<ExternalMapping> idle = new TreeSet<>(BY_END);
    /** The idle ones of each unit. */
    private final Map<Integer, TreeSet<ExternalMapping>> idleByUnit = new HashMap<>();

    private int retired;
    private long lastNumber;

    Mappings(long idleNanos) {
        this.idleNanos = idleNanos;
    }

    int size() {
        return byKey.size() + retired;
    }

    Optional<ExternalMapping> find(FlowSpec flow, Mapping behaviour) {
        return byKey.isEmpty() ? Optional.empty() : Optional.ofNullable(byKey.get(key(flow, behaviour)));
    }

    /** A mapping that carries no flow yet; {@link #opened} follows. */
    ExternalMapping add(FlowSpec flow, Mapping behaviour, Claim claim, SubscriberUse owner) {
        ExternalMapping mapping = new ExternalMapping(key(flow, behaviour), claim, owner, ++lastNumber);
        byKey.put(mapping.key, mapping);
        return mapping;
    }

    /**
     * When {@code destination} may be used in {@code mapping}: not after {@code nowNanos} if it may now,
     * {@link ExternalMapping#LIVE} while a flow to it lives.
     */
    long freeNanos(ExternalMapping mapping, Endpoint destination) {
        return mapping.destinations.getOrDefault(destination, 0L);
    }

    /** A flow to {@code destination} lives in {@code mapping}; whether the mapping was idle. */
    boolean opened(ExternalMapping mapping, Endpoint destination) {
        boolean wasIdle = unlistIdle(mapping);
        mapping.destinations.put(destination, ExternalMapping.LIVE);
        mapping.live++;
        return wasIdle;
    }

    /**
     * The flow to {@code destination} has ended, which rests until {@code untilNanos}; whether the mapping is idle now. If it
     * is not idle and carries nothing, it is over: {@link #remove} must follow.
     */
    boolean closed(ExternalMapping mapping, Endpoint destination, long untilNanos, long nowNanos) {
        mapping.live--;
        mapping.destinations.put(destination, untilNanos);
        if (mapping.live > 0) {
            if (mapping.destinations.size() > 2 * mapping.live + MAX_RESTED) {
                mapping.destinations.values().removeIf(until -> until <= nowNanos);
            }
            return false;
        }
        mapping.destinations.values().removeIf(until -> until <= nowNanos);
        long lastRest = mapping.destinations.values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(nowNanos);
        mapping.endNanos = idleNanos == 0 ? lastRest : Math.max(lastRest, HoldDown.roundUp(nowNanos + idleNanos));
        if (mapping.endNanos <= nowNanos) {
            return false;
        }
        idle.add(mapping);
        idleByUnit
                .computeIfAbsent(mapping.claim.unit(), missing -> new TreeSet<>(BY_END))
                .add(mapping);
        return true;
    }

    void remove(ExternalMapping mapping) {
        unlistIdle(mapping);
        if (mapping.isRetired) {
            retired--;
        } else {
            byKey.remove(mapping.key);
        }
    }

    /** Lets no more flows join the mappings of {@code address}: the next one of an internal endpoint gets another. Cost: O(n). */
    void retire(int address) {
        byKey.values().removeIf(mapping -> {
            if (mapping.claim.address() == address) {
                mapping.isRetired = true;
                retired++;
            }
            return mapping.isRetired;
        });
    }

    /** Ends what is due, at most {@code limit}; returns how many. */
    int expire(long nowNanos, int limit, Consumer<ExternalMapping> onEnded) {
        int count = 0;
        while (count < limit && nextDeadlineNanos() <= nowNanos) {
            ExternalMapping mapping = idle.first();
            remove(mapping);
            onEnded.accept(mapping);
            count++;
        }
        return count;
    }

    /** When the next mapping ends, {@link Long#MAX_VALUE} if none is idle. */
    long nextDeadlineNanos() {
        return idle.isEmpty() ? Long.MAX_VALUE : idle.first().endNanos;
    }

    /** When the next mapping that has its slot in {@code unit} ends, {@link Long#MAX_VALUE} if none is idle. */
    long nextDeadlineNanos(int unit) {
        TreeSet<ExternalMapping> ofUnit = idleByUnit.get(unit);
        return ofUnit == null ? Long.MAX_VALUE : ofUnit.first().endNanos;
    }

    /** Idle mappings that have their slot in {@code unit}. */
    int idle(int unit) {
        TreeSet<ExternalMapping> ofUnit = idleByUnit.get(unit);
        return ofUnit == null ? 0 : ofUnit.size();
    }

    private boolean unlistIdle(ExternalMapping mapping) {
        boolean wasIdle = idle.remove(mapping);
        if (wasIdle) {
            idleByUnit.computeIfPresent(mapping.claim.unit(), (unit, mappings) -> {
                mappings.remove(mapping);
                return mappings.isEmpty() ? null : mappings;
            });
        }
        return wasIdle;
    }

    private static ExternalMapping.Key key(FlowSpec flow, Mapping behaviour) {
        return new ExternalMapping.Key(
                flow.protocol(),
                flow.subscriber(),
                flow.internal(),
                behaviour == Mapping.ADDRESS_DEPENDENT
                        ? Optional.of(flow.destination().address())
                        : Optional.empty());
    }
}
