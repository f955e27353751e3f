package dev.cgnat.core.model;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.config.SelectionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small configurations of a family, as the random numbers fall. */
record RandomConfigs(Random random, Family family) {
    static final IpAddress INSIDE = IpAddress.ofIpv4(10, 0, 0, 8);

    NatConfig nat() {
        List<PoolConfig> pools = new ArrayList<>();
        pools.add(pool("a"));
        if (random.nextInt(4) == 0) {
            pools.add(pool("b"));
        }
        LimitConfig limits =
                LimitConfig.defaults().withSessionsPerSubscriber(limit()).withPortsPerSubscriber(limit());
        if (family == Family.LIMITS) {
            limits = limits.withNewPerSecondPerSubscriber(
                            random.nextBoolean() ? 1 + random.nextInt(4) : LimitConfig.NONE)
                    .withSessionsPerDestination(limit());
            boolean isFourTuple = pools.stream().allMatch(pool -> pool.reuseScope() == ReuseScope.FOUR_TUPLE);
            limits = isFourTuple ? limits.withPortsPerDestination(limit()) : limits;
        }
        return new NatConfig(pools, limits);
    }

    private int limit() {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(5) : LimitConfig.NONE;
    }

    private PoolConfig pool(String name) {
        PoolConfig pool = base(name);
        return switch (family) {
            case BASE -> pool;
            case ADDRESS_CHOICE, LIMITS ->
                pool.withPooling(pool.pooling()
                        .withChooseAddress(oneOf(AddressChoice.values()))
                        .withOverflow(oneOf(PairedOverflow.values())));
            case MAPPING -> mapping(pool);
            case BLOCKS -> blocks(pool);
            case DETERMINISTIC -> deterministic(pool);
            case SELECTION ->
                pool.withSelection(new SelectionConfig(oneOf(PortSelection.values()), oneOf(PortPreference.values())));
            case LEGACY ->
                pool.withReuseScope(ReuseScope.ADDRESS)
                        .withSegmentLifetime(Duration.ZERO)
                        .withPooling(pool.pooling()
                                .withBehaviour(Pooling.PAIRED)
                                .withOverflow(oneOf(PairedOverflow.values())));
        };
    }

    private PoolConfig base(String name) {
        IpAddress first = IpAddress.ofIpv4(127, 0, name.charAt(0), 1);
        List<AddressRange> addresses = new ArrayList<>();
        addresses.add(new AddressRange(first, first.plus(random.nextInt(2))));
        if (random.nextBoolean()) {
            addresses.add(AddressRange.single(first.plus(7)));
        }
        PoolConfig pool = PoolConfig.defaults(name, addresses)
                .withReuseScope(oneOf(ReuseScope.values()))
                .withPooling(PoolingConfig.defaults()
                        .withBehaviour(oneOf(Pooling.values()))
                        .withPairedIdle(oneOf(Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(10))))
                .withHoldDown(new HoldDownConfig(rest(), rest(), rest(), rest(), rest()))
                .withQueue(new QueueConfig(
                        oneOf(Duration.ofNanos(1), Duration.ofMillis(3), Duration.ofSeconds(2)), random.nextInt(4)));
        if (random.nextInt(4) == 0) {
            pool = pool.withHoldDown(pool.holdDown().withMaxHeld(1 + random.nextInt(4)));
        }
        if (random.nextInt(4) == 0) {
            pool = pool.withSegmentLifetime(oneOf(Duration.ofMillis(2), Duration.ofSeconds(3)));
        }
        return ports(pool);
    }

    private PoolConfig ports(PoolConfig pool) {
        int low = 1 + random.nextInt(60_000);
        int more = family == Family.BLOCKS || family == Family.DETERMINISTIC ? 4 : 0;
        PortRange range = new PortRange(low, low + more + random.nextInt(3));
        if (family == Family.DETERMINISTIC) {
            return pool.withPorts(range);
        }
        PortRange far = new PortRange(low + 100, low + 100 + random.nextInt(2));
        PoolConfig result = random.nextBoolean() ? pool.withPorts(range) : pool.withPorts(far, range);
        return random.nextInt(3) == 0 && result.usablePorts() > 1
                ? result.withExcludePorts(new PortRange(low, low))
                : result;
    }

    private PoolConfig mapping(PoolConfig pool) {
        Mapping behaviour = oneOf(Mapping.values());
        ReuseScope scope = switch (behaviour) {
            case ENDPOINT_INDEPENDENT -> oneOf(ReuseScope.HOST, ReuseScope.ADDRESS);
            case ADDRESS_DEPENDENT -> oneOf(ReuseScope.HOST, ReuseScope.ADDRESS, ReuseScope.REMOTE_HOST);
            case ADDRESS_AND_PORT_DEPENDENT -> oneOf(ReuseScope.values());
        };
        Duration idle = oneOf(Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(1), Duration.ofSeconds(4));
        return pool.withMapping(new MappingConfig(Mapping.ADDRESS_AND_PORT_DEPENDENT, Duration.ZERO))
                .withReuseScope(scope)
                .withMapping(new MappingConfig(behaviour, idle))
                .withSegmentLifetime(Duration.ZERO)
                .withPooling(pool.pooling().withOverflow(oneOf(PairedOverflow.values())));
    }

    private PoolConfig blocks(PoolConfig pool) {
        ReuseScope scope = oneOf(ReuseScope.ADDRESS, ReuseScope.REMOTE_HOST, ReuseScope.FOUR_TUPLE);
        return pool.withReuseScope(scope)
                .withPooling(pool.pooling().withOverflow(oneOf(PairedOverflow.values())))
                .withBlocks(blocks());
    }

    private PortBlockConfig blocks() {
        return new PortBlockConfig(1 + random.nextInt(3), 1 + random.nextInt(4), oneOf(BlockGrowth.values()));
    }

    private PoolConfig deterministic(PoolConfig pool) {
        DeterministicScheme scheme = oneOf(DeterministicScheme.values());
        int outside = 1 + random.nextInt(2);
        int size = scheme == DeterministicScheme.VPP ? oneOf(2, 4) : 2 + random.nextInt(3);
        IpAddress first = pool.addresses().get(0).first();
        AddressRange inside = new AddressRange(INSIDE, INSIDE.plus(size - 1));
        int factor = scheme == DeterministicScheme.SEQUENTIAL ? random.nextInt(3) : 0;
        int share = scheme == DeterministicScheme.JUNIPER ? random.nextInt(4) : 0;
        PoolConfig result = pool.withReuseScope(
                        oneOf(ReuseScope.ADDRESS, ReuseScope.REMOTE_HOST, ReuseScope.FOUR_TUPLE))
                .withPooling(Pooling.PAIRED)
                .withAddresses(new AddressRange(first, first.plus(outside - 1)))
                .withPorts(new PortRange(4_000, 4_000 + 6 + random.nextInt(6)))
                .withDeterministic(new DeterministicConfig(List.of(inside), scheme, factor, share));
        return factor > 0 ? result.withBlocks(new PortBlockConfig(1, 1 + random.nextInt(3), BlockGrowth.ONE)) : result;
    }

    private Duration rest() {
        return oneOf(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofNanos(300_001),
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5));
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
