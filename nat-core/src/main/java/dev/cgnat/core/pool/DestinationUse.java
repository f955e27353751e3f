package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many flows each destination endpoint has from each external address, for the limits that count them. Where a draw
 * chooses among all addresses at once, it is their sum, and the limit their number times as high; in scope {@code host}
 * there is no telling addresses apart.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1), and about 150 bytes per destination and address; nothing if there is
 * no such limit.
 */
final class DestinationUse {
    private static final int ANY = -1;

    private final Regions regions;
    private LimitConfig limits;
    private final boolean isCounting;
    private final Map<Key, Counts> counts = new HashMap<>();
    /** For looking up, which leaves no object behind. */
    private final Key wanted = new Key();

    /** @throws IllegalArgumentException if resting ports are to be counted where they are not of one destination */
    DestinationUse(PoolConfig pool, Regions regions, LimitConfig limits) {
        this.regions = regions;
        this.limits = limits;
        boolean countsPorts = limits.portsPerDestination() != LimitConfig.NONE;
        isCounting = countsPorts || limits.sessionsPerDestination() != LimitConfig.NONE;
        if (countsPorts && pool.reuseScope() != ReuseScope.FOUR_TUPLE) {
            throw new IllegalArgumentException("reuse-scope: "
                    + pool.reuseScope().key() + " (expected: four-tuple with limits.ports-per-destination)");
        }
    }

    /** From now on that is the limit; flows above it go on. A kind that was not counted cannot begin to be. */
    void limit(LimitConfig value) {
        limits = value;
    }

    /** What keeps a destination from one more flow. */
    record Reached(boolean isOfPorts, long limit) {}

    /**
     * The limit that keeps {@code destination} from one more flow out of {@code region} at that address.
     *
     * @param known what counted such flows last, which spares looking for it; may be absent
     */
    Optional<Reached> reached(
            @Nullable Counts known, Protocol protocol, Endpoint destination, int region, int address) {
        Counts found = isCounting ? find(known, protocol, destination, region, address) : null;
        if (found == null) {
            return Optional.empty();
        }
        long times = regions.isHostScope() || regions.isOfOneAddress(region) ? 1 : regions.addressCount();
        if (found.live >= times * limits.sessionsPerDestination()) {
            return Optional.of(new Reached(false, limits.sessionsPerDestination()));
        }
        return found.live + found.resting >= times * limits.portsPerDestination()
                ? Optional.of(new Reached(true, limits.portsPerDestination()))
                : Optional.empty();
    }

    /** A flow has begun; what is to be told of its end, absent if nothing is counted. As for {@link #reached}. */
    @Nullable
    Counts opened(@Nullable Counts known, Protocol protocol, Endpoint destination, int region, int address) {
        if (!isCounting) {
            return null;
        }
        Counts found = find(known, protocol, destination, region, address);
        if (found == null) {
            found = new Counts(new Key(wanted));
            counts.put(found.key, found);
        }
        found.live++;
        return found;
    }

    /** A flow has ended that was counted by {@code counted}; its slot may rest. */
    void closed(@Nullable Counts counted, boolean rests) {
        if (counted != null) {
            boolean restIsCounted = rests && limits.portsPerDestination() != LimitConfig.NONE;
            change(counted, -1, restIsCounted ? 1 : 0);
        }
    }

    /** A slot rests no longer whose flow was counted by {@code counted}. */
    void rested(@Nullable Counts counted) {
        if (counted != null && limits.portsPerDestination() != LimitConfig.NONE) {
            change(counted, 0, -1);
        }
    }

    private @Nullable Counts find(
            @Nullable Counts known, Protocol protocol, Endpoint destination, int region, int address) {
        return known != null && known.isAny() ? known : counts.get(wanted(protocol, destination, region, address));
    }

    private void change(Counts counted, int moreLive, int moreResting) {
        counted.live += moreLive;
        counted.resting += moreResting;
        if (!counted.isAny()) {
            counts.remove(counted.key);
        }
    }

    private boolean tellsAddress(int region) {
        return !regions.isHostScope() && regions.isOfOneAddress(region);
    }

    private Key wanted(Protocol protocol, Endpoint destination, int region, int address) {
        wanted.high = destination.address().high();
        wanted.low = destination.address().low();
        wanted.port = destination.port();
        wanted.protocol = protocol;
        wanted.address = tellsAddress(region) ? address : ANY;
        return wanted;
    }

    /** A destination as seen from an address, or from {@link #ANY}. Does not change while it stands in the map. */
    private static final class Key {
        private long high;
        private long low;
        private int port;
        private int address;
        private Protocol protocol = Protocol.TCP;

        Key() {}

        Key(Key other) {
            high = other.high;
            low = other.low;
            port = other.port;
            address = other.address;
            protocol = other.protocol;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && low == key.low
                    && high == key.high
                    && port == key.port
                    && address == key.address
                    && protocol == key.protocol;
        }

        @Override
        public int hashCode() {
            long mixed = (high * 31 + low) * 31 + port;
            return (int) (mixed ^ mixed >>> 32) * 31 + address * 3 + protocol.number();
        }
    }

    /** Flows of one destination. */
    static final class Counts {
        private final Key key;
        private int live;
        private int resting;

        Counts(Key key) {
            this.key = key;
        }

        /** If not, it is forgotten. */
        private boolean isAny() {
            return live + resting != 0;
        }
    }
}
