package dev.cgnat.core;

import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.pool.DeterministicPlan;
import java.util.Optional;

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
        Optional<DeterministicPlan> plan = pool.deterministic().map(rules -> new DeterministicPlan(pool));
        int pairs = plan.map(shares -> shares.sharesGiven() * shares.share() + addresses * inBlocks(pool, shares))
                .orElse(addresses * perAddress);
        boolean oneAddress =
                pool.pooling().behaviour() == Pooling.PAIRED && pool.pooling().overflow() == PairedOverflow.REFUSE;
        int reachedAddresses = oneAddress ? 1 : addresses;
        int reachable = oneAddress ? perAddress : pairs;
        int own = plan.map(shares -> shares.share() + mostInBlocks(pool, inBlocks(pool, shares), 0))
                .orElseGet(() -> mostInBlocks(pool, reachable, reachable));
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
        return reuseScope.isPerDestination() ? sum : Math.min(pairs, sum);
    }

    /** Ports of one address that belong to no share and fill a block. */
    private static int inBlocks(PoolConfig pool, DeterministicPlan shares) {
        int dynamic = pool.usablePorts() - shares.firstDynamicPort();
        return pool.blocks().map(blocks -> dynamic - dynamic % blocks.size()).orElse(0);
    }

    /** What one subscriber can have of {@code ports} that are lent in blocks; {@code without} if none are. */
    private static int mostInBlocks(PoolConfig pool, int ports, int without) {
        return pool.blocks()
                .map(blocks -> least(ports, (long) blocks.size() * blocks.maxPerSubscriber()))
                .orElse(without);
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
}
