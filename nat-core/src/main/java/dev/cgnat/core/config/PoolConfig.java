package dev.cgnat.core.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.PortRange;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * One pool of external endpoints and the rules by which they are lent.
 *
 * @param name not empty; unique in a {@link NatConfig}
 * @param addresses at least one; contiguous or not (RFC 6888 REQ-3), disjoint, one family, together at most 65,536, and at
 *     most 2^31 - 1 (address, port) pairs with {@code ports}
 * @param ports at least one; disjoint; none holds port 0
 * @param excludePorts ports of {@code ports} that are never lent and count as reserved; at least one port remains
 * @param pairedIdle how long a subscriber without live flows keeps its address under {@link Pooling#PAIRED}, 0 to 24 h
 */
public record PoolConfig(
        String name,
        List<AddressRange> addresses,
        List<PortRange> ports,
        List<PortRange> excludePorts,
        ReuseScope reuseScope,
        Pooling pooling,
        Duration pairedIdle,
        HoldDownConfig holdDown,
        QueueConfig queue) {
    private static final int MAX_ADDRESSES = 65_536;
    private static final Duration MAX_PAIRED_IDLE = Duration.ofDays(1);

    public PoolConfig {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        excludePorts = List.copyOf(excludePorts);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name:  (expected: at least one character)");
        }
        requireAddresses(addresses);
        requirePorts(ports);
        if (pairedIdle.isNegative() || pairedIdle.compareTo(MAX_PAIRED_IDLE) > 0) {
            throw new IllegalArgumentException("paired-idle: " + pairedIdle + " (expected: 0s to 24h)");
        }
        if (usablePorts(ports, excludePorts) == 0) {
            throw new IllegalArgumentException(
                    "exclude-ports: " + excludePorts + " (expected: at least one port of " + ports + " left)");
        }
        long pairs = (long) addressCount(addresses) * usablePorts(ports, List.of());
        if (pairs > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "addresses: " + pairs + " address:port pairs (expected: at most 2147483647; use several pools)");
        }
    }

    /**
     * A pool with the project's defaults: ports 1024-65535, each 4-tuple once, paired, a Linux host's hold-down, refusal
     * when dry.
     */
    public static PoolConfig defaults(String name, List<AddressRange> addresses) {
        return new PoolConfig(
                name,
                addresses,
                List.of(new PortRange(1024, 65_535)),
                List.of(),
                ReuseScope.FOUR_TUPLE,
                Pooling.PAIRED,
                Duration.ofMinutes(5),
                HoldDownConfig.defaults(),
                QueueConfig.none());
    }

    /** Number of external addresses, 1 to 65,536. */
    public int addressCount() {
        return addressCount(addresses);
    }

    /** Ports on one address that can be lent, 1 to 65,535. */
    public int usablePorts() {
        return usablePorts(ports, excludePorts);
    }

    /** Ports on one address that are configured, lent or excluded, 1 to 65,535. */
    public int configuredPorts() {
        return usablePorts(ports, List.of());
    }

    public PoolConfig withPorts(PortRange... ranges) {
        return new PoolConfig(
                name, addresses, List.of(ranges), excludePorts, reuseScope, pooling, pairedIdle, holdDown, queue);
    }

    public PoolConfig withExcludePorts(PortRange... ranges) {
        return new PoolConfig(
                name, addresses, ports, List.of(ranges), reuseScope, pooling, pairedIdle, holdDown, queue);
    }

    public PoolConfig withReuseScope(ReuseScope scope) {
        return new PoolConfig(name, addresses, ports, excludePorts, scope, pooling, pairedIdle, holdDown, queue);
    }

    public PoolConfig withPooling(Pooling value) {
        return new PoolConfig(name, addresses, ports, excludePorts, reuseScope, value, pairedIdle, holdDown, queue);
    }

    public PoolConfig withPairedIdle(Duration duration) {
        return new PoolConfig(name, addresses, ports, excludePorts, reuseScope, pooling, duration, holdDown, queue);
    }

    public PoolConfig withHoldDown(HoldDownConfig value) {
        return new PoolConfig(name, addresses, ports, excludePorts, reuseScope, pooling, pairedIdle, value, queue);
    }

    public PoolConfig withQueue(QueueConfig value) {
        return new PoolConfig(name, addresses, ports, excludePorts, reuseScope, pooling, pairedIdle, holdDown, value);
    }

    private static void requireAddresses(List<AddressRange> ranges) {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("addresses: [] (expected: at least one address)");
        }
        AddressRange first = ranges.get(0);
        for (int i = 0; i < ranges.size(); i++) {
            AddressRange range = ranges.get(i);
            if (range.first().isIpv4() != first.first().isIpv4()) {
                throw new IllegalArgumentException("addresses: " + range + " (expected: the family of " + first + ")");
            }
            for (AddressRange earlier : ranges.subList(0, i)) {
                if (earlier.contains(range.first()) || range.contains(earlier.first())) {
                    throw new IllegalArgumentException(
                            "addresses: " + range + " (expected: no overlap with " + earlier + ")");
                }
            }
        }
        if (addressCount(ranges) > MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "addresses: " + addressCount(ranges) + " addresses (expected: at most 65536; use several pools)");
        }
    }

    private static void requirePorts(List<PortRange> ranges) {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("ports: [] (expected: at least one range)");
        }
        for (int i = 0; i < ranges.size(); i++) {
            PortRange range = ranges.get(i);
            if (range.first() == 0) {
                throw new IllegalArgumentException("ports: " + range + " (expected: 1 to 65535)");
            }
            for (PortRange earlier : ranges.subList(0, i)) {
                if (range.first() <= earlier.last() && earlier.first() <= range.last()) {
                    throw new IllegalArgumentException(
                            "ports: " + range + " (expected: no overlap with " + earlier + ")");
                }
            }
        }
    }

    private static int addressCount(List<AddressRange> ranges) {
        return (int) Math.min(ranges.stream().mapToLong(AddressRange::size).sum(), Integer.MAX_VALUE);
    }

    private static int usablePorts(List<PortRange> ranges, List<PortRange> excluded) {
        BitSet ports = new BitSet();
        ranges.forEach(range -> ports.set(range.first(), range.last() + 1));
        excluded.forEach(range -> ports.clear(range.first(), range.last() + 1));
        return ports.cardinality();
    }
}
