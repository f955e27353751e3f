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
import java.util.stream.LongStream;

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
    POOL_INFO("cgn.pool.info", "info", "Always 1; the labels tell how the pool lends.", "pool", "reuse_scope"),
    POOL_BLOCKS(
            "cgn.pool.blocks",
            "blocks",
            "Port blocks by state; the states are disjoint and add up to all blocks.",
            "pool",
            "state"),
    POOL_ADDRESSES("cgn.pool.addresses", "addresses", "External addresses by state.", "pool", "state"),
    ADDRESS_PORTS_IN_USE("cgn.address.ports.in.use", "", "External ports in use, by address.", "pool", "external_ip"),
    PORT_ALLOCATIONS("cgn.port.allocations", "allocations", "Ports granted to flows.", "pool", "protocol"),
    PORT_ALLOCATION_FAILURES(
            "cgn.port.allocation.failures", "failures", "Flows refused, by reason.", "pool", "protocol", "reason"),
    EXHAUSTED_SECONDS("cgn.exhausted", "seconds", "Seconds in which a flow found no port.", "pool"),
    PORT_ALLOCATION_DURATION(
            "cgn.port.allocation.duration",
            "seconds",
            "Time that the NAT took to decide on a flow, others' turns included.",
            "pool"),
    QUEUE_WAIT("cgn.queue.wait", "seconds", "Time that a flow waited for a port, by outcome.", "pool", "outcome"),
    SECONDS_TO_EXHAUSTION(
            "cgn.seconds.to.exhaustion",
            "",
            "Seconds until no port is left, if the use goes on to grow as it did of late; +Inf if it does not.",
            "pool"),
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
    SESSION_DURATION("cgn.session.duration", "seconds", "Time from the established flow to its end.", "pool"),
    SUBSCRIBERS(
            "cgn.subscribers",
            "subscribers",
            "Subscribers with a port, by how much of their limit they have.",
            "pool",
            "state"),
    SUBSCRIBER_PORTS_IN_USE_MAX(
            "cgn.subscriber.ports.in.use.max", "", "Live and held ports of the subscriber with most.", "pool"),
    SUBSCRIBER_PEAK_PORTS(
            "cgn.subscriber.peak.ports",
            "",
            "The most ports that a subscriber had before its last one was free, by subscribers that went idle.",
            "pool"),
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
    DRAINING("cgn.draining", "", "1 while no new flow is taken, as the proxy is about to end."),
    CONFIG_LAST_RELOAD_SUCCESSFUL(
            "cgn.config.last.reload.successful",
            "",
            "1 if the last configuration that was loaded is in force, else 0."),
    CONFIG_LAST_RELOAD_TIMESTAMP(
            "cgn.config.last.reload.timestamp", "seconds", "When a configuration was last put in force, Unix time."),
    BUILD_INFO(
            "cgn.build.info",
            "info",
            "Always 1; the labels tell the build.",
            "version",
            "revision",
            "java",
            "transport");

    private static final long MICROS = 1_000;
    private static final long MILLIS = 1_000 * MICROS;

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
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    /** A counter that somebody else counts; {@code count} never falls. */
    void counted(MeterRegistry registry, DoubleSupplier count, String... values) {
        // The registry keeps its subject weakly; that the function holds it too keeps it alive as long as the meter.
        FunctionCounter.builder(key, count, ignored -> count.getAsDouble())
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    void gauge(MeterRegistry registry, DoubleSupplier value, String... values) {
        Gauge.builder(key, value, DoubleSupplier::getAsDouble)
                .strongReference(true)
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    /** A histogram; {@link IllegalArgumentException} for a meter that has no buckets. */
    Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(key)
                .serviceLevelObjectives(buckets().mapToObj(Duration::ofNanos).toArray(Duration[]::new))
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    /** Its name with underscores, for a collector of its own. */
    String family() {
        return key.replace('.', '_');
    }

    String help() {
        return help;
    }

    List<String> tags() {
        return tags;
    }

    /** Upper bounds in nanoseconds. */
    private LongStream buckets() {
        return switch (this) {
            // from what loopback takes to beyond the second retransmission of a SYN (RFC 6298: at 1 s and 3 s)
            case CONNECT_DURATION ->
                LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
                        .map(bound -> bound * MILLIS);
            case PORT_ALLOCATION_DURATION ->
                LongStream.of(1, 5, 10, 50, 100, 1_000, 10_000).map(bound -> bound * MICROS);
            case SESSION_DURATION ->
                LongStream.of(100, 1_000, 5_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000)
                        .map(bound -> bound * MILLIS);
            case QUEUE_WAIT ->
                LongStream.of(10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
                        .map(bound -> bound * MILLIS);
            default -> throw new IllegalArgumentException("meter: " + this + " (expected: a histogram)");
        };
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
