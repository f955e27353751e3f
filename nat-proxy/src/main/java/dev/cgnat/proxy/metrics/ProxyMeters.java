package dev.cgnat.proxy.metrics;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.NatSnapshot.SubscriberCounts;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Every meter of a proxy. Any thread may count and scrape.
 *
 * <p>Scrapes take turns, and each takes one snapshot for all that it reports about the core: the states of a pool's ports
 * add up, and counters never fall from one scrape to the next.
 */
public final class ProxyMeters implements AutoCloseable {
    private static final String PROTOCOL = "tcp";

    private final PrometheusExposition prometheus = new PrometheusExposition();
    private final Map<String, ListenerMeters> listeners = new ConcurrentHashMap<>();
    private final Map<String, PoolMeters> pools = new HashMap<>();
    private final Map<String, List<ListenerMeters>> listenersByPool = new ConcurrentHashMap<>();
    private final ReloadMeters reloads;
    private final RuntimeMeters runtime;
    private final Supplier<NatSnapshot> snapshots;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile ToDoubleFunction<String> forecast = pool -> Double.POSITIVE_INFINITY;
    private volatile BooleanSupplier draining = () -> false;
    private NatSnapshot current =
            new NatSnapshot(List.of(), 0); // guarded by turn; a scrape replaces it before it reads

    /**
     * Registers every series that {@code config} makes possible.
     *
     * @param transport what the data plane runs on, such as {@code epoll}; a label of {@code cgn_build_info}
     * @param snapshot asked once per scrape, never before the first
     */
    public ProxyMeters(ProxyConfig config, String transport, Supplier<NatSnapshot> snapshot) {
        snapshots = snapshot;
        MeterRegistry registry = prometheus.registry();
        for (PoolConfig pool : config.nat().pools()) {
            String name = pool.name();
            pools.put(name, new PoolMeters(registry, name, PROTOCOL));
            new PoolGauges(registry, pool, PROTOCOL, () -> current.pool(name))
                    .register(config.metrics().perAddress());
            CgnMeter.SECONDS_TO_EXHAUSTION.gauge(registry, () -> forecast.applyAsDouble(name), name);
        }
        config.listeners().forEach(this::add);
        prometheus.counted(
                CgnMeter.SUBSCRIBER_PEAK_PORTS,
                () -> current.pools().stream().map(ProxyMeters::peakPorts).toList());
        CgnMeter.DRAINING.gauge(registry, () -> draining.getAsBoolean() ? 1 : 0);
        reloads = new ReloadMeters(registry);
        BuildInfo build = BuildInfo.current();
        CgnMeter.BUILD_INFO.gauge(registry, () -> 1, build.version(), build.revision(), build.java(), transport);
        runtime = new RuntimeMeters(registry);
    }

    /** Registers the series of one more listener; does nothing if one of that name has been added. */
    public void add(ListenerConfig listener) {
        listeners.computeIfAbsent(listener.name(), name -> {
            ListenerMeters made = new ListenerMeters(prometheus.registry(), listener);
            listenersByPool
                    .computeIfAbsent(listener.pool(), missing -> new CopyOnWriteArrayList<>())
                    .add(made);
            return made;
        });
    }

    /** The meters of the listener of that name; {@link IllegalArgumentException} if there is none. */
    public ListenerMeters listener(String name) {
        return named(name, listeners);
    }

    /** The meters of the pool of that name; {@link IllegalArgumentException} if there is none. */
    public PoolMeters pool(String name) {
        return named(name, pools);
    }

    /** Requests for a flow so far, by the label of every result. */
    public Map<String, Long> opened() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (OpenResult result : OpenResult.values()) {
            counts.put(
                    result.label(),
                    listeners.values().stream()
                            .mapToLong(listener -> listener.total(result))
                            .sum());
        }
        return counts;
    }

    /** Of all listeners, since the start. */
    public ConnectTimes connectTimes() {
        return ConnectTimes.of(
                listeners.values().stream().map(ListenerMeters::connects).toList());
    }

    /** Bytes from clients to destinations so far. */
    public long bytesOut() {
        return listeners.values().stream()
                .mapToLong(ListenerMeters::totalBytesOut)
                .sum();
    }

    /** Bytes from destinations to clients so far. */
    public long bytesIn() {
        return listeners.values().stream()
                .mapToLong(ListenerMeters::totalBytesIn)
                .sum();
    }

    /** Requests for flows of {@code pool} that came to their end so far, over its listeners; every result is a key. */
    public Map<OpenResult, Long> opened(String pool) {
        Map<OpenResult, Long> sum = new EnumMap<>(OpenResult.class);
        for (OpenResult result : OpenResult.values()) {
            sum.put(result, 0L);
        }
        for (ListenerMeters listener : listenersByPool.getOrDefault(pool, List.of())) {
            listener.opened().forEach((result, count) -> sum.merge(result, count, Long::sum));
        }
        return sum;
    }

    /** What becomes of the configuration while the proxy runs. */
    public ReloadMeters reloads() {
        return reloads;
    }

    /** Who knows in how many seconds a pool, by its name, has no port left; before that nobody does: +Inf. */
    public void forecastBy(ToDoubleFunction<String> secondsToExhaustion) {
        forecast = secondsToExhaustion;
    }

    /** Who knows whether new flows are refused, as the proxy is about to end. */
    public void drainingBy(BooleanSupplier isDraining) {
        draining = isDraining;
    }

    /**
     * Adds Micrometer's meters of the event loops of {@code group}; starts their threads if they do not run yet. For one
     * group: Micrometer counts the workers of the first alone.
     */
    public void watch(EventExecutorGroup group) {
        runtime.watch(group);
    }

    /**
     * Every meter as text.
     *
     * @param accept the {@code Accept} header of the request, empty if it has none; decides between Prometheus text and
     *     OpenMetrics
     */
    public Exposition scrape(String accept) {
        turn.lock();
        try {
            current = snapshots.get();
            return prometheus.scrape(accept);
        } finally {
            turn.unlock();
        }
    }

    /** Gives back what the meters listen to; no scrape may follow. */
    @Override
    public void close() {
        runtime.close();
        prometheus.registry().close();
    }

    private static CountedHistogram peakPorts(PoolSnapshot pool) {
        SubscriberCounts counts = pool.subscribers();
        return new CountedHistogram(
                List.of(pool.config().name()), SubscriberCounts.PEAK_BOUNDS, counts.peaks(), counts.peakSum());
    }

    private static <M> M named(String name, Map<String, M> meters) {
        M found = meters.get(name);
        if (found == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: one of " + meters.keySet() + ")");
        }
        return found;
    }
}
