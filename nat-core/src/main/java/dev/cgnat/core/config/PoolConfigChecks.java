package dev.cgnat.core.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.PortRange;
import java.util.BitSet;
import java.util.List;

/** What must hold between the components of a {@link PoolConfig}; each mistake is an {@link IllegalArgumentException}. */
final class PoolConfigChecks {
    private static final int MAX_ADDRESSES = 65_536;

    private PoolConfigChecks() {}

    static void requireScope(Mapping mapping, ReuseScope scope) {
        if (!scope.allows(mapping)) {
            throw new IllegalArgumentException("reuse-scope: " + scope.key() + " (expected: "
                    + (mapping == Mapping.ENDPOINT_INDEPENDENT ? "host or address" : "host, address or remote-host")
                    + " with mapping " + mapping.key() + ")");
        }
    }

    static void requireBlocks(PortBlockConfig blocks, int usable, ReuseScope scope) {
        if (blocks.size() > usable) {
            throw new IllegalArgumentException(
                    "blocks.size: " + blocks.size() + " (expected: at most the " + usable + " usable ports)");
        }
        if (scope == ReuseScope.HOST) {
            throw new IllegalArgumentException(
                    "reuse-scope: host (expected: address, remote-host or four-tuple where ports are lent in blocks)");
        }
    }

    static void requireDeterministic(
            List<PortRange> ports, List<PortRange> excluded, ReuseScope scope, PoolingConfig pooling) {
        if (ports.size() != 1 || !excluded.isEmpty()) {
            throw new IllegalArgumentException("ports: " + ports + " without " + excluded
                    + " (expected: one unbroken range for deterministic NAT)");
        }
        if (scope == ReuseScope.HOST) {
            throw new IllegalArgumentException(
                    "reuse-scope: host (expected: address, remote-host or four-tuple for deterministic NAT)");
        }
        if (pooling.behaviour() != Pooling.PAIRED) {
            throw new IllegalArgumentException("pooling: arbitrary (expected: paired for deterministic NAT)");
        }
    }

    static void requireAddresses(List<AddressRange> ranges) {
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

    static void requirePorts(List<PortRange> ranges) {
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

    static int addressCount(List<AddressRange> ranges) {
        return (int) Math.min(ranges.stream().mapToLong(AddressRange::size).sum(), Integer.MAX_VALUE);
    }

    static int usablePorts(List<PortRange> ranges, List<PortRange> excluded) {
        BitSet ports = new BitSet();
        ranges.forEach(range -> ports.set(range.first(), range.last() + 1));
        excluded.forEach(range -> ports.clear(range.first(), range.last() + 1));
        return ports.cardinality();
    }
}
