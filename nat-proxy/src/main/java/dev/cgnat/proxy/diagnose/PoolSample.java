package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.NatSnapshot.BlockCounts;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.metrics.OpenResult;
import java.util.EnumMap;
import java.util.Map;

/**
 * One pool at one moment; counters are totals since the start.
 *
 * @param atNanos on the clock of the NAT
 * @param sessions live flows
 * @param heldSlots resting slots, over all destinations
 * @param pairs of TCP
 * @param pressure how near the pool is to having no port for a new flow, 0 to 1: not free ÷ all pairs, or where a port serves
 *     several destinations the same towards the fullest one; where ports are lent in blocks, lent ÷ all blocks
 * @param blocks 0 if ports are not lent in blocks
 * @param refused every reason is a key
 * @param opened every result is a key
 */
public record PoolSample(
        long atNanos,
        int sessions,
        int heldSlots,
        PairCounts pairs,
        double pressure,
        int blocks,
        int freeBlocks,
        int subscribers,
        int subscribersAtLimit,
        long granted,
        Map<Refusal, Long> refused,
        Map<OpenResult, Long> opened,
        SessionAges.Quantiles ages) {
    public PoolSample {
        refused = Map.copyOf(refused);
        opened = Map.copyOf(opened);
    }

    /** @param byShell refusals that the NAT does not know of */
    static PoolSample of(
            long atNanos,
            PoolSnapshot pool,
            Map<Refusal, Long> byShell,
            Map<OpenResult, Long> opened,
            SessionAges.Quantiles ages) {
        Map<Refusal, Long> refused = new EnumMap<>(byShell);
        refused.putAll(pool.refused());
        return new PoolSample(
                atNanos,
                pool.sessions(),
                pool.heldSlots(),
                pool.pairs(Protocol.TCP),
                pressure(pool),
                pool.blocks().total(),
                pool.blocks().free(),
                pool.subscribers().active(),
                pool.subscribers().atLimit(),
                pool.granted(),
                refused,
                opened,
                ages);
    }

    /**
     * Where ports are lent in blocks, a block that is full towards a destination is full for its owner alone, who gets another:
     * what can run dry are the blocks. Where they are lent by formula, it is nobody's but their owner's.
     */
    private static double pressure(PoolSnapshot pool) {
        BlockCounts blocks = pool.blocks();
        if (blocks.total() > 0) {
            return 1 - (double) blocks.free() / blocks.total();
        }
        ReuseScope scope = pool.config().reuseScope();
        PairCounts pairs = pool.pairs(Protocol.TCP);
        return scope == ReuseScope.HOST
                        || scope == ReuseScope.ADDRESS
                        || pool.config().deterministic().isPresent()
                ? 1 - (double) pairs.free() / pairs.capacity()
                : pool.maxDestinationUtilization();
    }

    long refused(Refusal reason) {
        return refused.getOrDefault(reason, 0L);
    }

    long opened(OpenResult result) {
        return opened.getOrDefault(result, 0L);
    }

    /** Flows that asked, and were answered. */
    long requests() {
        return opened.values().stream().mapToLong(Long::longValue).sum();
    }
}
