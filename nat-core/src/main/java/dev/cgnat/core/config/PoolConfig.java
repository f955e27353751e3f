package dev.cgnat.core.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One pool of external endpoints and the rules by which they are lent.
 *
 * <p>Legal combinations: mapping endpoint-independent needs scope {@code address} or {@code host}, address-dependent also
 * allows {@code remote-host}; a single flow may ask for endpoint-independent mapping in any pool.
 *
 * @param name not empty; unique in a {@link NatConfig}
 * @param addresses at least one; contiguous or not (RFC 6888 REQ-3), disjoint, one family, together at most 65,536, and at
 *     most 2^31 - 1 (address, port) pairs with {@code ports}
 * @param ports at least one; disjoint; none holds port 0
 * @param excludePorts ports of {@code ports} that are never lent and count as reserved; at least one port remains
 * @param blocks absent = ports are not lent in blocks; with {@code deterministic} its dynamic ports are
 * @param deterministic absent = ports are not assigned by formula; needs one unbroken range of ports, paired pooling and a
 *     scope other than {@code host}
 * @param segmentLifetime how long a late segment of an ended flow may still arrive, 0 to 24 h; a slot that is lent again
 *     sooner counts as unsafe reuse; 0 = not counted
 */
public record PoolConfig(
        String name,
        List<AddressRange> addresses,
        List<PortRange> ports,
        List<PortRange> excludePorts,
        ReuseScope reuseScope,
        MappingConfig mapping,
        PoolingConfig pooling,
        SelectionConfig selection,
        Optional<PortBlockConfig> blocks,
        Optional<DeterministicConfig> deterministic,
        HoldDownConfig holdDown,
        Duration segmentLifetime,
        QueueConfig queue) {
    private static final Duration MAX_SEGMENT_LIFETIME = Duration.ofDays(1);

    public PoolConfig {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        excludePorts = List.copyOf(excludePorts);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name:  (expected: at least one character)");
        }
        PoolConfigChecks.requireAddresses(addresses);
        PoolConfigChecks.requirePorts(ports);
        int usable = PoolConfigChecks.usablePorts(ports, excludePorts);
        if (usable == 0) {
            throw new IllegalArgumentException(
                    "exclude-ports: " + excludePorts + " (expected: at least one port of " + ports + " left)");
        }
        long pairs = (long) PoolConfigChecks.addressCount(addresses) * PoolConfigChecks.usablePorts(ports, List.of());
        if (pairs > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "addresses: " + pairs + " address:port pairs (expected: at most 2147483647; use several pools)");
        }
        if (segmentLifetime.isNegative() || segmentLifetime.compareTo(MAX_SEGMENT_LIFETIME) > 0) {
            throw new IllegalArgumentException("segment-lifetime: " + segmentLifetime + " (expected: 0s to 24h)");
        }
        PoolConfigChecks.requireScope(mapping.behaviour(), reuseScope);
        blocks.ifPresent(block -> PoolConfigChecks.requireBlocks(block, usable, reuseScope));
        if (deterministic.isPresent()) {
            PoolConfigChecks.requireDeterministic(ports, excludePorts, reuseScope, pooling);
        }
    }

    /**
     * A pool with the project's defaults: ports 1024-65535, each 4-tuple once, paired, uniform, a Linux host's hold-down,
     * refusal when dry.
     */
    public static PoolConfig defaults(String name, List<AddressRange> addresses) {
        return new PoolConfig(
                name,
                addresses,
                List.of(new PortRange(1024, 65_535)),
                List.of(),
                ReuseScope.FOUR_TUPLE,
                MappingConfig.defaults(),
                PoolingConfig.defaults(),
                SelectionConfig.defaults(),
                Optional.empty(),
                Optional.empty(),
                HoldDownConfig.defaults(),
                Duration.ZERO,
                QueueConfig.none());
    }

    /** Whether a single flow may ask for {@code mapping}, whatever the pool's own. */
    public boolean allows(Mapping flowMapping) {
        return flowMapping == Mapping.ENDPOINT_INDEPENDENT || reuseScope.allows(flowMapping);
    }

    /**
     * Whether flows of {@link ClientClass#LEGACY} may use the pool: a port must be taken on each address apart and on all
     * alike.
     */
    public boolean allowsLegacy() {
        return reuseScope == ReuseScope.ADDRESS
                && mapping.behaviour() == Mapping.ADDRESS_AND_PORT_DEPENDENT
                && isPerAddress()
                && blocks.isEmpty()
                && deterministic.isEmpty();
    }

    /** Whether a flow's address is chosen before its port; else the port is drawn from all addresses at once. */
    public boolean isPerAddress() {
        return reuseScope != ReuseScope.HOST
                && (pooling.behaviour() == Pooling.PAIRED || pooling.chooseAddress() != AddressChoice.LEAST_LOADED);
    }

    /** Whether {@code address} is one of its external addresses. */
    public boolean lends(IpAddress address) {
        return addresses.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether it may give {@code external} to a flow. */
    public boolean lends(Endpoint external) {
        return contains(ports, external.port())
                && !contains(excludePorts, external.port())
                && lends(external.address());
    }

    /** Number of external addresses, 1 to 65,536. */
    public int addressCount() {
        return PoolConfigChecks.addressCount(addresses);
    }

    /** Ports on one address that can be lent, 1 to 65,535. */
    public int usablePorts() {
        return PoolConfigChecks.usablePorts(ports, excludePorts);
    }

    /** Ports on one address that are configured, lent or excluded, 1 to 65,535. */
    public int configuredPorts() {
        return PoolConfigChecks.usablePorts(ports, List.of());
    }

    public PoolConfig withAddresses(AddressRange... ranges) {
        return with(copy -> copy.addresses = List.of(ranges));
    }

    public PoolConfig withPorts(PortRange... ranges) {
        return with(copy -> copy.ports = List.of(ranges));
    }

    public PoolConfig withExcludePorts(PortRange... ranges) {
        return with(copy -> copy.excludePorts = List.of(ranges));
    }

    public PoolConfig withReuseScope(ReuseScope value) {
        return with(copy -> copy.reuseScope = value);
    }

    public PoolConfig withMapping(MappingConfig value) {
        return with(copy -> copy.mapping = value);
    }

    public PoolConfig withPooling(PoolingConfig value) {
        return with(copy -> copy.pooling = value);
    }

    public PoolConfig withPooling(Pooling value) {
        return with(copy -> copy.pooling = pooling.withBehaviour(value));
    }

    public PoolConfig withSelection(SelectionConfig value) {
        return with(copy -> copy.selection = value);
    }

    public PoolConfig withBlocks(PortBlockConfig value) {
        return with(copy -> copy.blocks = Optional.of(value));
    }

    public PoolConfig withDeterministic(DeterministicConfig value) {
        return with(copy -> copy.deterministic = Optional.of(value));
    }

    public PoolConfig withHoldDown(HoldDownConfig value) {
        return with(copy -> copy.holdDown = value);
    }

    public PoolConfig withSegmentLifetime(Duration value) {
        return with(copy -> copy.segmentLifetime = value);
    }

    public PoolConfig withQueue(QueueConfig value) {
        return with(copy -> copy.queue = value);
    }

    private PoolConfig with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.toConfig();
    }

    /** The components, to change one of them. */
    private static final class Copy {
        private final String name;
        private List<AddressRange> addresses;
        private List<PortRange> ports;
        private List<PortRange> excludePorts;
        private ReuseScope reuseScope;
        private MappingConfig mapping;
        private PoolingConfig pooling;
        private SelectionConfig selection;
        private Optional<PortBlockConfig> blocks;
        private Optional<DeterministicConfig> deterministic;
        private HoldDownConfig holdDown;
        private Duration segmentLifetime;
        private QueueConfig queue;

        Copy(PoolConfig config) {
            name = config.name;
            addresses = config.addresses;
            ports = config.ports;
            excludePorts = config.excludePorts;
            reuseScope = config.reuseScope;
            mapping = config.mapping;
            pooling = config.pooling;
            selection = config.selection;
            blocks = config.blocks;
            deterministic = config.deterministic;
            holdDown = config.holdDown;
            segmentLifetime = config.segmentLifetime;
            queue = config.queue;
        }

        PoolConfig toConfig() {
            return new PoolConfig(
                    name,
                    addresses,
                    ports,
                    excludePorts,
                    reuseScope,
                    mapping,
                    pooling,
                    selection,
                    blocks,
                    deterministic,
                    holdDown,
                    segmentLifetime,
                    queue);
        }
    }

    private static boolean contains(List<PortRange> ranges, int port) {
        return ranges.stream().anyMatch(range -> range.contains(port));
    }
}
