package dev.cgnat.core;

import dev.cgnat.core.config.PoolConfig;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Nat} holds and has done, at one moment. Immutable.
 *
 * @param pools in the order of the configuration
 * @param subscribers subscribers with a live flow or a held slot
 */
public record NatSnapshot(List<PoolSnapshot> pools, int subscribers) {
    public NatSnapshot {
        pools = List.copyOf(pools);
    }

    /** The pool of that name; {@link IllegalArgumentException} if there is none. */
    public PoolSnapshot pool(String name) {
        return pools.stream()
                .filter(pool -> pool.config().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("name: " + name + " (expected: the name of a pool)"));
    }

    /**
     * One pool. Pairs are (address, port) pairs, in scope {@code host} ports alone; a pair counts once, however many flows
     * share it: {@code capacity = inUse + held + reserved + free}.
     *
     * @param capacity pairs in all, A·P
     * @param inUse pairs on which at least one flow lives
     * @param held pairs on which none lives and at least one rests
     * @param reserved pairs that are excluded, or set aside and neither in use nor held
     * @param sessions live flows
     * @param heldSlots resting slots, over all destinations
     * @param waiting flows that wait for a port
     * @param units destinations (or addresses, as the reuse scope asks) with anything live, held, reserved or waiting
     * @param maxDestinationUtilization (live + held) ÷ slots of the fullest unit, 0 to 1
     * @param granted flows granted so far
     * @param setAside bindings given up so far to foreign sockets
     * @param refused flows refused so far; every reason that the core decides is a key
     * @param closed flows ended so far; every cause is a key
     */
    public record PoolSnapshot(
            PoolConfig config,
            int capacity,
            int inUse,
            int held,
            int reserved,
            int sessions,
            int heldSlots,
            int waiting,
            int units,
            double maxDestinationUtilization,
            long granted,
            long setAside,
            Map<Refusal, Long> refused,
            Map<CloseCause, Long> closed) {
        public PoolSnapshot {
            refused = copyOf(Refusal.class, refused);
            closed = copyOf(CloseCause.class, closed);
        }

        /** Pairs that carry nothing and may be lent. */
        public int free() {
            return capacity - inUse - held - reserved;
        }

        /** Keeps the order of the enum, so that a report made of it is the same on every machine. */
        private static <K extends Enum<K>> Map<K, Long> copyOf(Class<K> type, Map<K, Long> map) {
            Map<K, Long> copy = new EnumMap<>(type);
            copy.putAll(map);
            return Collections.unmodifiableMap(copy);
        }
    }
}
