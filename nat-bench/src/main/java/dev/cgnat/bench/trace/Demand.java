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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many ports the flows would have had at a time if none had been refused: live and at rest, within each unit in which a port
 * is used once.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: one look-up for each flow; memory for what lives or rests.
 */
final class Demand {
    private final ReuseScope scope;
    private final HoldDownConfig holdDown;
    private final Map<UnitKey, Unit> units = new HashMap<>();
    /** What rests, by what ended it, as each cause has one time of rest and so its queue is in order. */
    private final Map<CloseCause, ArrayDeque<Rest>> rests = new EnumMap<>(CloseCause.class);

    private int most;
    private @Nullable UnitKey busiest;

    private record UnitKey(Protocol protocol, @Nullable IpAddress address, int port) {}

    /** Flows among which each port is used once. */
    static final class Unit {
        private final UnitKey key;
        private int ports;

        Unit(UnitKey key) {
            this.key = key;
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
        for (CloseCause cause : CloseCause.values()) {
            rests.put(cause, new ArrayDeque<>());
        }
    }

    /** A flow begins, granted or not. */
    Unit begin(Protocol protocol, Endpoint destination, long nowNanos) {
        freeDue(nowNanos);
        UnitKey key =
                switch (scope) {
                    case HOST, ADDRESS -> new UnitKey(protocol, null, 0);
                    case REMOTE_HOST -> new UnitKey(protocol, destination.address(), 0);
                    case FOUR_TUPLE -> new UnitKey(protocol, destination.address(), destination.port());
                };
        Unit unit = units.computeIfAbsent(key, Unit::new);
        unit.ports++;
        if (unit.ports > most) {
            most = unit.ports;
            busiest = key;
        }
        return unit;
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
        for (ArrayDeque<Rest> queue : rests.values()) {
            for (Rest rest = queue.peek(); rest != null && rest.untilNanos <= nowNanos; rest = queue.peek()) {
                queue.remove();
                free(rest.unit);
            }
        }
    }

    private void free(Unit unit) {
        unit.ports--;
        if (unit.ports == 0) {
            units.remove(unit.key);
        }
    }
}
