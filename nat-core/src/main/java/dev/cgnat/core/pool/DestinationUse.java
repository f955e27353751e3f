package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.port.UnitKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
    private final LimitConfig limits;
    private final boolean isCounting;
    private final Map<Key, Counts> counts = new HashMap<>();

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

    /** What keeps a destination from one more flow. */
    record Reached(boolean isOfPorts, long limit) {}

    /** The limit that keeps {@code destination} from one more flow out of {@code region} at that address. */
    Optional<Reached> reached(Protocol protocol, Endpoint destination, int region, int address) {
        Counts found = isCounting ? counts.get(key(protocol, destination, region, address)) : null;
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

    void opened(Protocol protocol, Endpoint destination, int region, int address) {
        if (isCounting) {
            change(key(protocol, destination, region, address), 1, 0);
        }
    }

    /** A flow has ended; its slot may rest. */
    void closed(Protocol protocol, Endpoint destination, int region, int address, boolean rests) {
        if (isCounting) {
            boolean isCounted = rests && limits.portsPerDestination() != LimitConfig.NONE;
            change(key(protocol, destination, region, address), -1, isCounted ? 1 : 0);
        }
    }

    /** A slot of a unit of one destination rests no longer. */
    void rested(UnitKey unit, int pair) {
        if (limits.portsPerDestination() != LimitConfig.NONE) {
            Endpoint destination = new Endpoint(new IpAddress(unit.remoteHigh(), unit.remoteLow()), unit.remotePort());
            change(key(unit.protocol(), destination, unit.region(), regions.addressOf(pair)), 0, -1);
        }
    }

    private void change(Key key, int moreLive, int moreResting) {
        Counts found = counts.computeIfAbsent(key, missing -> new Counts());
        found.live += moreLive;
        found.resting += moreResting;
        if (found.live + found.resting == 0) {
            counts.remove(key);
        }
    }

    private Key key(Protocol protocol, Endpoint destination, int region, int address) {
        boolean tellsAddress = !regions.isHostScope() && regions.isOfOneAddress(region);
        return new Key(protocol, destination, tellsAddress ? address : ANY);
    }

    private record Key(Protocol protocol, Endpoint destination, int address) {}

    private static final class Counts {
        private int live;
        private int resting;
    }
}
