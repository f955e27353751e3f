package dev.cgnat.proxy.metrics;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.NatSnapshot.BlockCounts;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the core knows about one pool, read from the snapshot of the scrape that runs. */
final class PoolGauges {
    /** More series than that per pool are nobody's first look. */
    private static final int MAX_ADDRESSES = 256;

    private final MeterRegistry registry;
    private final PoolConfig config;
    private final String pool;
    private final String protocol;
    private final Supplier<PoolSnapshot> snapshot;

    PoolGauges(MeterRegistry registry, PoolConfig config, String protocol, Supplier<PoolSnapshot> snapshot) {
        this.registry = registry;
        this.config = config;
        pool = config.name();
        this.protocol = protocol;
        this.snapshot = snapshot;
    }

    void register(boolean perAddress) {
        if (perAddress && config.addressCount() <= MAX_ADDRESSES && config.reuseScope() != ReuseScope.HOST) {
            registerAddresses();
        }
        gauge(CgnMeter.SUBSCRIBERS, PoolGauges::farFromLimit, pool, "active");
        gauge(CgnMeter.SUBSCRIBERS, s -> s.subscribers().nearLimit(), pool, "near_limit");
        gauge(CgnMeter.SUBSCRIBERS, s -> s.subscribers().atLimit(), pool, "at_limit");
        gauge(CgnMeter.SUBSCRIBER_PORTS_IN_USE_MAX, s -> s.subscribers().most(), pool);
        counter(CgnMeter.EXHAUSTED_SECONDS, PoolSnapshot::shortSeconds, pool);
        gauge(CgnMeter.POOL_INFO, s -> 1, pool, config.reuseScope().key());
        ports("in_use", PairCounts::inUse);
        ports("held", PairCounts::held);
        ports("reserved", PairCounts::reserved);
        ports("free", PairCounts::free);
        blocks("in_use", BlockCounts::inUse);
        blocks("held", BlockCounts::held);
        blocks("free", BlockCounts::free);
        counter(CgnMeter.BLOCK_ALLOCATIONS, s -> s.blocks().allocated(), pool);
        counter(CgnMeter.BLOCK_RELEASES, s -> s.blocks().released(), pool);
        counter(CgnMeter.UNSAFE_REUSES, PoolSnapshot::unsafeReuses, pool);
        gauge(CgnMeter.MAPPINGS, PoolSnapshot::mappings, pool);
        gauge(CgnMeter.POOL_ADDRESSES, s -> s.config().addressCount() - s.disabledAddresses(), pool, "active");
        gauge(CgnMeter.POOL_ADDRESSES, PoolSnapshot::disabledAddresses, pool, "disabled");
        gauge(CgnMeter.WAITING_FLOWS, PoolSnapshot::waiting, pool);
        gauge(CgnMeter.DESTINATION_UTILIZATION_MAX, PoolSnapshot::maxDestinationUtilization, pool);
        counter(CgnMeter.PORT_ALLOCATIONS, PoolSnapshot::granted, pool, protocol);
        for (Refusal reason : Refusal.values()) {
            if (!reason.isShell()) {
                counter(
                        CgnMeter.PORT_ALLOCATION_FAILURES,
                        s -> s.refused().getOrDefault(reason, 0L),
                        pool,
                        protocol,
                        reason.label());
            }
        }
        counter(CgnMeter.PORT_RELEASES, PoolSnapshot::setAside, pool, "set_aside");
        Stream.of(CloseCause.values()).map(PoolGauges::releaseReason).distinct().forEach(this::releases);
    }

    private static double farFromLimit(PoolSnapshot s) {
        return s.subscribers().active()
                - s.subscribers().nearLimit()
                - s.subscribers().atLimit();
    }

    private void registerAddresses() {
        int index = 0;
        for (AddressRange range : config.addresses()) {
            for (IpAddress address : range.addresses().toList()) {
                int at = index++;
                gauge(CgnMeter.ADDRESS_PORTS_IN_USE, s -> s.inUseByAddress().get(at), pool, address.toString());
            }
        }
    }

    /** Which side closed first matters to hold-down; to whoever watches ports, the flow was closed. */
    private static String releaseReason(CloseCause cause) {
        return switch (cause) {
            case CLIENT_FIN, SERVER_FIN -> "closed";
            case RESET, IDLE, CONNECT_FAILED -> cause.label();
        };
    }

    private void releases(String reason) {
        counter(
                CgnMeter.PORT_RELEASES,
                s -> s.closed().entrySet().stream()
                        .filter(closed -> releaseReason(closed.getKey()).equals(reason))
                        .mapToLong(Map.Entry::getValue)
                        .sum(),
                pool,
                reason);
    }

    private void blocks(String state, ToDoubleFunction<BlockCounts> value) {
        gauge(CgnMeter.POOL_BLOCKS, s -> value.applyAsDouble(s.blocks()), pool, state);
    }

    private void ports(String state, ToDoubleFunction<PairCounts> value) {
        gauge(CgnMeter.POOL_PORTS, s -> value.applyAsDouble(s.pairs(Protocol.TCP)), pool, protocol, state);
    }

    private void gauge(CgnMeter meter, ToDoubleFunction<PoolSnapshot> value, String... tags) {
        meter.gauge(registry, () -> value.applyAsDouble(snapshot.get()), tags);
    }

    private void counter(CgnMeter meter, ToDoubleFunction<PoolSnapshot> value, String... tags) {
        meter.counted(registry, () -> value.applyAsDouble(snapshot.get()), tags);
    }
}
