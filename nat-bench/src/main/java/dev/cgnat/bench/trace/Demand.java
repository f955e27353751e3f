package dev.cgnat.bench.trace;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many ports the flows would have had at a time if none had been refused: live and at rest, within each unit in which a port
 * is used once.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: memory for what lives or rests.
 */
final class Demand {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final ReuseScope scope;
    private final HoldDownConfig holdDown;
    /** Of the scopes in which destinations do not matter, by protocol. */
    private final Unit[] whole = new Unit[PROTOCOLS.length];
    /** Of the scope {@code remote-host}. In scope {@code four-tuple} a destination holds its own. */
    private final Map<UnitKey, Unit> units = new HashMap<>();

    /** What rests, by what ended it, as each cause has one time of rest and so its queue is in order. */
    private final Map<CloseCause, ArrayDeque<Rest>> rests = new EnumMap<>(CloseCause.class);
    /** The same, in an order that costs no iterator. */
    private final List<ArrayDeque<Rest>> queues;

    private int most;
    private @Nullable UnitKey busiest;

    record UnitKey(Protocol protocol, @Nullable IpAddress address, int port) {}

    /** Flows among which each port is used once. */
    static final class Unit {
        private final UnitKey key;
        private int ports;

        Unit(UnitKey key) {
            this.key = key;
        }

        boolean isEmpty() {
            return ports == 0;
        }
    }

    private record Rest(Unit unit, long untilNanos) {}

    /**
     * The most ports.
     *
     * @param unit whose they were, such as {@code tcp 198.18.0.1:443}
     */
    record Most(String unit, int ports) {}

    Demand(PoolConfig pool) {
        scope = pool.reuseScope();
        holdDown = pool.holdDown();
        for (Protocol protocol : PROTOCOLS) {
            whole[protocol.number()] = new Unit(new UnitKey(protocol, null, 0));
        }
        for (CloseCause cause : CloseCause.values()) {
            rests.put(cause, new ArrayDeque<>());
        }
        queues = List.copyOf(rests.values());
    }

    /** A flow begins, granted or not. */
    Unit begin(Protocol protocol, DestinationUse.Place place, long nowNanos) {
        freeDue(nowNanos);
        Unit unit = unit(protocol, place);
        unit.ports++;
        if (unit.ports > most) {
            most = unit.ports;
            busiest = unit.key;
        }
        return unit;
    }

    private Unit unit(Protocol protocol, DestinationUse.Place place) {
        return switch (scope) {
            case HOST, ADDRESS -> whole[protocol.number()];
            case REMOTE_HOST ->
                units.computeIfAbsent(new UnitKey(protocol, place.endpoint().address(), 0), Unit::new);
            case FOUR_TUPLE -> place.unit(protocol);
        };
    }

    /** A flow ends. */
    void end(Unit unit, CloseCause cause, long nowNanos) {
        long restNanos = cause.holdDown(holdDown).toNanos();
        if (restNanos == 0) {
            free(unit);
        } else {
            Objects.requireNonNull(rests.get(cause)).add(new Rest(unit, nowNanos + restNanos));
        }
    }

    /** Empty if there were no flows. */
    Optional<Most> most() {
        return Optional.ofNullable(busiest).map(key -> new Most(name(key), most));
    }

    private static String name(UnitKey key) {
        if (key.address == null) {
            return key.protocol.label();
        }
        String place = key.port == 0 ? key.address.toString() : new Endpoint(key.address, key.port).toString();
        return key.protocol.label() + " " + place;
    }

    private void freeDue(long nowNanos) {
        for (int i = 0; i < queues.size(); i++) {
            ArrayDeque<Rest> queue = queues.get(i);
            for (Rest rest = queue.peek(); rest != null && rest.untilNanos <= nowNanos; rest = queue.peek()) {
                queue.remove();
                free(rest.unit);
            }
        }
    }

    private void free(Unit unit) {
        unit.ports--;
        if (unit.ports == 0 && scope == ReuseScope.REMOTE_HOST) {
            units.remove(unit.key);
        }
    }
}
