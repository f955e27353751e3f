package dev.cgnat.proxy.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;

/**
 * How many flows a pool can hold at a time if every configured port can be had, from its configuration alone. Where flows
 * share mappings, mappings are counted.
 *
 * @param pairs (address, port) pairs that can be lent, in scope {@code host} ports alone
 * @param slotsToOne to one destination endpoint, live and held together
 * @param liveToOne of these, live
 * @param slotsPerSubscriber of one subscriber to one destination endpoint, live and held together
 * @param livePerSubscriber of these, live
 */
public record PoolCapacity(
        ReuseScope reuseScope,
        int pairs,
        int slotsToOne,
        int liveToOne,
        int slotsPerSubscriber,
        int livePerSubscriber) {

    /** Of {@code pool}, within {@code limits}. */
    public static PoolCapacity of(PoolConfig pool, LimitConfig limits) {
        boolean isHost = pool.reuseScope() == ReuseScope.HOST;
        int addresses = isHost ? 1 : pool.addressCount();
        int perAddress = pool.deterministic().isPresent() ? pool.usablePorts() : pool.usablePorts() - unusable(pool);
        int pairs = pool.deterministic()
                .map(plan -> Shares.of(pool, plan).pairs(pool))
                .orElse(addresses * perAddress);
        boolean oneAddress =
                pool.pooling().behaviour() == Pooling.PAIRED && pool.pooling().overflow() == PairedOverflow.REFUSE;
        int reachedAddresses = oneAddress ? 1 : addresses;
        int reachable = oneAddress ? perAddress : pairs;
        int own = pool.deterministic()
                .map(plan -> Shares.of(pool, plan).perSubscriber(pool))
                .orElseGet(() -> pool.blocks()
                        .map(blocks -> least(reachable, (long) blocks.size() * blocks.maxPerSubscriber()))
                        .orElse(reachable));
        int slots = least(own, limits.portsPerSubscriber(), limit(limits.portsPerDestination(), reachedAddresses));
        int toOne = least(pairs, limit(limits.portsPerDestination(), addresses));
        return new PoolCapacity(
                pool.reuseScope(),
                pairs,
                toOne,
                least(toOne, limit(limits.sessionsPerDestination(), addresses)),
                slots,
                least(slots, limits.sessionsPerSubscriber(), limit(limits.sessionsPerDestination(), reachedAddresses)));
    }

    /** To {@code destinations} endpoints of one host, live and held together. */
    public long slotsToMany(int destinations) {
        long sum = (long) slotsToOne * destinations;
        return reuseScope == ReuseScope.FOUR_TUPLE ? sum : Math.min(pairs, sum);
    }

    /** To {@code destinations} endpoints, each on a host of its own, live and held together. */
    public long slotsToManyHosts(int destinations) {
        long sum = (long) slotsToOne * destinations;
        return reuseScope == ReuseScope.FOUR_TUPLE || reuseScope == ReuseScope.REMOTE_HOST ? sum : Math.min(pairs, sum);
    }

    /** Ports of one address that fill no block. */
    private static int unusable(PoolConfig pool) {
        return pool.blocks().map(blocks -> pool.usablePorts() % blocks.size()).orElse(0);
    }

    private static long limit(int perAddress, int addresses) {
        return perAddress == LimitConfig.NONE ? Long.MAX_VALUE : (long) perAddress * addresses;
    }

    private static int least(long a, long... others) {
        long least = a;
        for (long other : others) {
            least = Math.min(least, other);
        }
        return (int) least;
    }

    /**
     * The plan of deterministic NAT (RFC 7422 section 2).
     *
     * @param subscribers internal addresses that have a share
     * @param ports of one share
     * @param dynamic ports of one address that belong to no share
     */
    private record Shares(long subscribers, int ports, int dynamic) {
        static Shares of(PoolConfig pool, DeterministicConfig plan) {
            int usable = pool.usablePorts();
            boolean isJuniper = plan.scheme() == DeterministicScheme.JUNIPER;
            long inside = plan.inside().stream()
                    .mapToLong(AddressRange::size)
                    .map(size -> isJuniper && size > 2 ? size - 2 : size) // network and broadcast addresses
                    .sum();
            int outside = pool.addressCount();
            int perAddress = (int) ((inside + outside - 1) / outside);
            int ports = plan.share() > 0 ? plan.share() : usable / (perAddress + plan.dynamicFactor());
            long places = isJuniper ? (long) outside * (usable / ports) : inside;
            return new Shares(
                    Math.min(inside, places), ports, plan.dynamicFactor() > 0 ? usable - perAddress * ports : 0);
        }

        int pairs(PoolConfig pool) {
            return (int) (subscribers * ports) + pool.addressCount() * inBlocks(pool);
        }

        int perSubscriber(PoolConfig pool) {
            return ports
                    + pool.blocks()
                            .map(blocks -> least(inBlocks(pool), (long) blocks.size() * blocks.maxPerSubscriber()))
                            .orElse(0);
        }

        private int inBlocks(PoolConfig pool) {
            return pool.blocks()
                    .map(blocks -> dynamic - dynamic % blocks.size())
                    .orElse(0);
        }
    }
}
