package dev.cgnat.core;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.subscriber.PortTally;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
     * The (address, port) pairs of one protocol, in scope {@code host} ports alone; a pair counts once, however many flows
     * share it: {@code capacity = inUse + held + reserved + free}.
     *
     * @param capacity pairs in all, A·P
     * @param inUse pairs on which at least one flow lives
     * @param held pairs on which none lives, and at least one rests or a mapping waits for its internal endpoint
     * @param reserved pairs that are excluded, or set aside and neither in use nor held
     */
    public record PairCounts(int capacity, int inUse, int held, int reserved) {
        /** Pairs that carry nothing and may be lent. */
        public int free() {
            return capacity - inUse - held - reserved;
        }
    }

    /**
     * The port blocks of a pool.
     *
     * @param total 0 if ports are not lent in blocks
     * @param inUse blocks in which at least one flow lives
     * @param held blocks that are lent though no flow lives in them, as something rests there
     */
    public record BlockCounts(int total, int inUse, int held, long allocated, long released) {
        public int free() {
            return total - inUse - held;
        }
    }

    /**
     * What the subscribers of a pool have of one protocol.
     *
     * @param active subscribers with a live or held port
     * @param nearLimit those of them with 80 % or more of the ports that they may have, by limits, blocks or share
     * @param atLimit those of them with all of these; 0, as {@code nearLimit}, where there is no limit
     * @param most ports of the one with most
     * @param peaks subscribers that went idle so far, by the most ports that each had had: up to each of
     *     {@link #PEAK_BOUNDS}, and more
     * @param peakSum the sum of these most ports
     */
    public record SubscriberCounts(int active, int nearLimit, int atLimit, int most, List<Long> peaks, long peakSum) {
        /** Upper bounds of {@link #peaks}, in ports. */
        public static final List<Integer> PEAK_BOUNDS = PortTally.PEAK_BOUNDS;

        public SubscriberCounts {
            peaks = List.copyOf(peaks);
        }

        /** Nobody has or had anything. */
        public static SubscriberCounts none() {
            return new SubscriberCounts(0, 0, 0, 0, Collections.nCopies(PEAK_BOUNDS.size() + 1, 0L), 0);
        }
    }

    /**
     * One pool.
     *
     * @param pairs every protocol is a key
     * @param blocks now, and lent and given back so far
     * @param sessions live flows
     * @param heldSlots resting slots, over all destinations
     * @param mappings endpoint-independent and address-dependent mappings, idle ones included
     * @param waiting flows that wait for a port
     * @param units destinations (or addresses, as the reuse scope asks) with anything live, held, reserved or waiting
     * @param disabledAddresses external addresses from which no new flow leaves
     * @param maxDestinationUtilization (live + held) ÷ slots of the fullest unit, 0 to 1
     * @param granted flows granted so far
     * @param setAside bindings given up so far to foreign sockets
     * @param unsafeReuses slots lent so far sooner than the segment lifetime after their last use
     * @param refused flows refused so far; every reason that the core decides is a key
     * @param closed flows ended so far; every cause is a key
     * @param shortSeconds seconds so far in which a flow found no port, and was refused or had to wait
     * @param subscribers of TCP
     * @param inUseByAddress TCP pairs in use of each address; empty for more than 256 addresses, and in scope {@code host}
     */
    public record PoolSnapshot(
            PoolConfig config,
            Map<Protocol, PairCounts> pairs,
            BlockCounts blocks,
            int sessions,
            int heldSlots,
            int mappings,
            int waiting,
            int units,
            int disabledAddresses,
            double maxDestinationUtilization,
            long granted,
            long setAside,
            long unsafeReuses,
            Map<Refusal, Long> refused,
            Map<CloseCause, Long> closed,
            long shortSeconds,
            SubscriberCounts subscribers,
            List<Integer> inUseByAddress) {
        public PoolSnapshot {
            pairs = copyOf(Protocol.class, pairs);
            refused = copyOf(Refusal.class, refused);
            closed = copyOf(CloseCause.class, closed);
            inUseByAddress = List.copyOf(inUseByAddress);
        }

        /** The pairs of {@code protocol}. */
        public PairCounts pairs(Protocol protocol) {
            return Objects.requireNonNull(pairs.get(protocol));
        }

        /** Keeps the order of the enum, so that a report made of it is the same on every machine. */
        private static <K extends Enum<K>, V> Map<K, V> copyOf(Class<K> type, Map<K, V> map) {
            Map<K, V> copy = new EnumMap<>(type);
            copy.putAll(map);
            return Collections.unmodifiableMap(copy);
        }
    }
}
