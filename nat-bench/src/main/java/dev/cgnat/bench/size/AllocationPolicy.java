package dev.cgnat.bench.size;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.config.SelectionConfig;
import java.util.Locale;
import java.util.Optional;

/** A way to lend the ports of a pool, of which the rest (ports, hold-down, mapping's idle time) stays as it is configured. */
public enum AllocationPolicy {
    /** The configuration as it is. */
    CONFIGURED("as configured") {
        @Override
        PoolConfig applied(PoolConfig pool, Clientele clientele) {
            return pool;
        }
    },
    /** Any address for any flow, each 4-tuple once: the fewest ports that there can be. */
    ARBITRARY("four-tuple, any address") {
        @Override
        PoolConfig applied(PoolConfig pool, Clientele clientele) {
            return plain(pool, ReuseScope.FOUR_TUPLE, Mapping.ADDRESS_AND_PORT_DEPENDENT, Pooling.ARBITRARY);
        }
    },
    /** One address for each subscriber (RFC 4787 REQ-2), each 4-tuple once. */
    PAIRED("four-tuple, paired") {
        @Override
        PoolConfig applied(PoolConfig pool, Clientele clientele) {
            return plain(pool, ReuseScope.FOUR_TUPLE, Mapping.ADDRESS_AND_PORT_DEPENDENT, Pooling.PAIRED);
        }
    },
    /** As RFC 4787 REQ-1 asks: an internal endpoint keeps its external one, so a port serves one endpoint. */
    ENDPOINT_INDEPENDENT("endpoint-independent, paired") {
        @Override
        PoolConfig applied(PoolConfig pool, Clientele clientele) {
            return plain(pool, ReuseScope.ADDRESS, Mapping.ENDPOINT_INDEPENDENT, Pooling.PAIRED);
        }
    },
    /** Ports are lent in blocks, so that the blocks are logged, not the flows (RFC 6888 REQ-14). */
    BLOCKS("port blocks, endpoint-independent") {
        @Override
        PoolConfig applied(PoolConfig pool, Clientele clientele) {
            PortBlockConfig blocks =
                    pool.blocks().orElse(new PortBlockConfig(Sizer.BLOCK_SIZES.get(0), 1, BlockGrowth.ONE));
            return plain(pool, ReuseScope.ADDRESS, Mapping.ENDPOINT_INDEPENDENT, Pooling.PAIRED)
                    .withBlocks(blocks);
        }
    },
    /** Each subscriber has ports by a formula, so that nothing is logged (RFC 7422). */
    DETERMINISTIC("deterministic") {
        @Override
        PoolConfig applied(PoolConfig pool, Clientele clientele) {
            return plain(pool, ReuseScope.ADDRESS, Mapping.ENDPOINT_INDEPENDENT, Pooling.PAIRED)
                    .withDeterministic(DeterministicConfig.sequential(
                            clientele.inside().get().toArray(AddressRange[]::new)));
        }
    };

    private final String text;

    AllocationPolicy(String text) {
        this.text = text;
    }

    /**
     * {@code pool} with its ports lent in this way to {@code clientele}.
     *
     * @throws IllegalArgumentException if no formula can serve these
     */
    abstract PoolConfig applied(PoolConfig pool, Clientele clientele);

    /** As options spell it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For people. */
    public String text() {
        return text;
    }

    private static PoolConfig plain(PoolConfig pool, ReuseScope scope, Mapping mapping, Pooling pooling) {
        PoolingConfig addresses = pool.pooling().withBehaviour(pooling);
        MappingConfig mappings = new MappingConfig(mapping, pool.mapping().idle());
        SelectionConfig selection = pool.selection();
        return new PoolConfig(
                pool.name(),
                pool.addresses(),
                pool.ports(),
                pool.excludePorts(),
                scope,
                mappings,
                addresses,
                selection,
                Optional.empty(),
                Optional.empty(),
                pool.holdDown(),
                pool.segmentLifetime(),
                pool.queue());
    }
}
