package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The catalogue: every meter of our own. The registry turns {@code cgn.pool.ports} into {@code cgn_pool_ports}, and adds
 * what convention asks for: {@code _total} to a counter, {@code _seconds} to a timer, the unit where it is not there yet.
 *
 * <p>Every tag takes its values from the configuration or from an enum, so the number of series is known at the start.
 */
enum CgnMeter {
    POOL_PORTS(
            "cgn.pool.ports",
            "ports",
            "External address and port pairs by state; the states are disjoint and add up to the capacity.",
            "pool",
            "protocol",
            "state"),
    POOL_BLOCKS(
            "cgn.pool.blocks",
            "blocks",
            "Port blocks by state; the states are disjoint and add up to all blocks.",
            "pool",
            "state"),
    POOL_ADDRESSES("cgn.pool.addresses", "addresses", "External addresses by state.", "pool", "state"),
    PORT_ALLOCATIONS("cgn.port.allocations", "allocations", "Ports granted to flows.", "pool", "protocol"),
    PORT_ALLOCATION_FAILURES(
            "cgn.port.allocation.failures", "failures", "Flows refused, by reason.", "pool", "protocol", "reason"),
    PORT_RELEASES("cgn.port.releases", "releases", "Ports given back, by what ended the flow.", "pool", "reason"),
    BLOCK_ALLOCATIONS("cgn.block.allocations", "allocations", "Port blocks lent to subscribers.", "pool"),
    BLOCK_RELEASES("cgn.block.releases", "releases", "Port blocks given back.", "pool"),
    UNSAFE_REUSES(
            "cgn.unsafe.reuses",
            "reuses",
            "Slots lent again sooner than the segment lifetime after their last flow.",
            "pool"),
    MAPPINGS("cgn.mappings", "mappings", "Mappings that flows share, idle ones included.", "pool"),
    SESSIONS("cgn.sessions", "sessions", "Live flows by state.", "pool", "state"),
    BYPASSED_SESSIONS("cgn.bypassed.sessions", "sessions", "Live untranslated flows by state.", "listener", "state"),
    BYPASSED_SESSIONS_OPENED(
            "cgn.bypassed.sessions.opened",
            "opened",
            "Flows established untranslated, without a port of any pool.",
            "listener"),
    SESSIONS_OPENED("cgn.sessions.opened", "opened", "Requests for a flow by result.", "pool", "listener", "result"),
    WAITING_FLOWS("cgn.waiting.flows", "flows", "Flows that wait for a port.", "pool"),
    CONNECT_DURATION(
            "cgn.connect.duration",
            "seconds",
            "Time from the complete request to the established flow: name, wait for a port, connection.",
            "listener"),
    BYTES(
            "cgn.bytes",
            "bytes",
            "Payload relayed; out is from client to destination, in is back.",
            "listener",
            "direction"),
    CLIENT_REJECTIONS(
            "cgn.client.rejections",
            "rejections",
            "Client connections closed before they asked for a flow.",
            "listener",
            "reason"),
    DESTINATION_UTILIZATION_MAX(
            "cgn.destination.utilization.max",
            "ratio",
            "Live and held slots over all slots, towards the destination where that is greatest.",
            "pool"),
    TRANSLATION_LOG_DROPPED(
            "cgn.translation.log.dropped", "dropped", "Records that the translation log could not write.", "sink"),
    BUILD_INFO(
            "cgn.build.info",
            "info",
            "Always 1; the labels tell the build.",
            "version",
            "revision",
            "java",
            "transport");

    /** From what loopback takes to beyond the second retransmission of a SYN (RFC 6298: at 1 s and 3 s). */
    private static final List<Duration> CONNECT_BUCKETS = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));

    private final String key;
    private final String unit;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot change
    private final List<String> tags;

    CgnMeter(String key, String unit, String help, String... tags) {
        this.key = key;
        this.unit = unit;
        this.help = help;
        this.tags = List.of(tags);
    }

    /** A counter that we count ourselves, at 0. */
    Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(key)
                .baseUnit(unit)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    /** A counter that somebody else counts; {@code count} never falls. */
    void counted(MeterRegistry registry, DoubleSupplier count, String... values) {
        // The registry keeps its subject weakly; that the function holds it too keeps it alive as long as the meter.
        FunctionCounter.builder(key, count, ignored -> count.getAsDouble())
                .baseUnit(unit)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    void gauge(MeterRegistry registry, DoubleSupplier value, String... values) {
        Gauge.builder(key, value, DoubleSupplier::getAsDouble)
                .strongReference(true)
                .baseUnit(unit)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    /** A histogram with the buckets that a connect needs. */
    Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(key)
                .serviceLevelObjectives(CONNECT_BUCKETS.toArray(Duration[]::new))
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    private Tags tags(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException("values: " + List.of(values) + " (expected: values of " + tags + ")");
        }
        Tags result = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            result = result.and(tags.get(i), values[i]);
        }
        return result;
    }
}
