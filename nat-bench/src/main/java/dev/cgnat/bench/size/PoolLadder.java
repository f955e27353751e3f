package dev.cgnat.bench.size;

import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Pools from small to large, of which each offers more than the one before: first more ports of one address, then more
 * addresses with all ports.
 */
public final class PoolLadder {
    /** Most addresses of a pool that is proposed. */
    static final int MOST_ADDRESSES = 4_096;

    private static final int STEPS_OF_AN_ADDRESS = 64;

    private final PoolConfig pool;
    private final int step;
    private final int steps;

    /** @param pool its ports are those of an address; its addresses are replaced, from the first of them on */
    PoolLadder(PoolConfig pool) {
        this.pool = pool;
        int ports = count(pool.ports());
        step = pool.blocks().map(PortBlockConfig::size).orElse(Math.max(1, ports / STEPS_OF_AN_ADDRESS));
        steps = Math.max(1, ports / step);
    }

    /**
     * {@code pool} with so many addresses, from its first one on.
     *
     * @param count 1 to 65,536
     */
    public static PoolConfig withAddresses(PoolConfig pool, int count) {
        IpAddress first = pool.addresses().get(0).first();
        return pool.withAddresses(new AddressRange(first, first.plus(count - 1L)));
    }

    /**
     * The first rung whose pool there can be: where a formula gives each subscriber ports, one that has a port for each.
     *
     * @throws IllegalArgumentException if none has
     */
    int bottom() {
        int rung = 1;
        if (pool.deterministic().isPresent()) {
            while (!isLegal(rung)) {
                rung++;
            }
        }
        return rung;
    }

    private boolean isLegal(int rung) {
        try {
            return PoolCapacity.of(at(rung), LimitConfig.defaults()).slotsToOne() > 0;
        } catch (IllegalArgumentException e) {
            if (rung == top()) {
                throw e;
            }
            return false;
        }
    }

    /** The last rung. */
    int top() {
        return steps + MOST_ADDRESSES - 1;
    }

    /** The rung whose pool has at least so many pairs, at most {@link #top}. */
    int rungFor(double pairs) {
        double inSteps = Math.ceil(pairs / step);
        double rung = inSteps <= steps ? inSteps : steps + Math.ceil(pairs / count(pool.ports())) - 1;
        return (int) Math.max(1, Math.min(rung, top()));
    }

    /** @param rung 1 to {@link #top} */
    PoolConfig at(int rung) {
        PoolConfig sized = withAddresses(pool, addresses(rung));
        return rung >= steps ? sized : sized.withPorts(lowest(rung * step));
    }

    long pairs(int rung) {
        return (long) addresses(rung) * portsOfAnAddress(rung);
    }

    int addresses(int rung) {
        return Math.max(1, rung - steps + 1);
    }

    int portsOfAnAddress(int rung) {
        return rung >= steps ? count(pool.ports()) : rung * step;
    }

    private PortRange[] lowest(int count) {
        List<PortRange> ranges = new ArrayList<>();
        int rest = count;
        for (PortRange range : pool.ports()) {
            int taken = Math.min(rest, range.last() - range.first() + 1);
            if (taken > 0) {
                ranges.add(new PortRange(range.first(), range.first() + taken - 1));
            }
            rest -= taken;
        }
        return ranges.toArray(PortRange[]::new);
    }

    private static int count(List<PortRange> ranges) {
        return ranges.stream()
                .mapToInt(range -> range.last() - range.first() + 1)
                .sum();
    }
}
