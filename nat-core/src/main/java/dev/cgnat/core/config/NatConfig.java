package dev.cgnat.core.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that a {@link dev.cgnat.core.Nat} needs to know.
 *
 * @param pools at least one, with different names
 * @param limits what each subscriber may have, over all pools
 */
public record NatConfig(List<PoolConfig> pools, LimitConfig limits) {
    public NatConfig {
        pools = List.copyOf(pools);
        if (pools.isEmpty()) {
            throw new IllegalArgumentException("pools: [] (expected: at least one pool)");
        }
        Set<String> names = new HashSet<>();
        for (PoolConfig pool : pools) {
            if (!names.add(pool.name())) {
                throw new IllegalArgumentException("pools: two named " + pool.name() + " (expected: different names)");
            }
        }
    }

    /** One pool, no limits. */
    public static NatConfig of(PoolConfig pool) {
        return new NatConfig(List.of(pool), LimitConfig.defaults());
    }
}
