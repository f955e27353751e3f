package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.ProxyMeters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every pool now and then: keeps what it sees, tells alarms, and knows how long the ports will last.
 *
 * <p><b>Ownership</b>: samples are taken by the timer's thread; any thread may ask. <b>Costs</b>: one snapshot per interval; about
 * 1 KB per sample and pool.
 */
public final class Sampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    private final NatGate gate;
    private final ProxyMeters meters;
    private final SessionAges ages;
    private final Sampling sampling;
    private final Consumer<Alarm> alarms;
    private final Map<String, Watched> pools = new LinkedHashMap<>();
    private Optional<Future<?>> timer = Optional.empty();

    private record Watched(PoolConfig config, PoolHistory history, PoolAlarm alarm) {}

    /**
     * Watches {@code pools}, not before {@link #start}.
     *
     * @param ages listens to the events of {@code gate}
     * @param alarms told by the timer's thread; must return at once
     */
    public Sampler(
            List<PoolConfig> pools,
            MetricsConfig metrics,
            NatGate gate,
            ProxyMeters meters,
            SessionAges ages,
            Sampling sampling,
            Consumer<Alarm> alarms) {
        this.gate = gate;
        this.meters = meters;
        this.ages = ages;
        this.sampling = sampling;
        this.alarms = alarms;
        for (PoolConfig pool : pools) {
            this.pools.put(
                    pool.name(),
                    new Watched(
                            pool,
                            new PoolHistory(sampling.samples()),
                            new PoolAlarm(pool.name(), metrics.alarm(pool.name()))));
        }
    }

    /** Takes a sample now, with which what happens after this returns is compared, and one each interval until {@link #close}. */
    public void start(ScheduledExecutorService executor) {
        sample();
        long nanos = sampling.interval().toNanos();
        timer = Optional.of(executor.scheduleAtFixedRate(this::sample, nanos, nanos, TimeUnit.NANOSECONDS));
    }

    /** From now on alarms are raised and cleared as {@code metrics} says. */
    public void alarmBy(MetricsConfig metrics) {
        pools.forEach((name, watched) -> watched.alarm.by(metrics.alarm(name)));
    }

    /** Seconds until {@code pool} has no port for a new flow, see {@link Forecast}; +Inf for a pool that is not watched. */
    public double secondsToExhaustion(String pool) {
        Watched watched = pools.get(pool);
        return watched == null
                ? Double.POSITIVE_INFINITY
                : Forecast.secondsToExhaustion(watched.history.last(sampling.forecastSamples() + 1));
    }

    /** What ails each pool, in the order of the configuration. */
    public List<Diagnosis> diagnose() {
        return pools.values().stream()
                .map(watched -> Diagnosis.of(watched.config, watched.history.all()))
                .toList();
    }

    @Override
    public void close() {
        timer.ifPresent(run -> run.cancel(false));
    }

    private void sample() {
        NatSnapshot snapshot = gate.snapshot();
        long nowNanos = gate.nowNanos();
        for (PoolSnapshot pool : snapshot.pools()) {
            Watched watched = pools.get(pool.config().name());
            if (watched != null) {
                sample(watched, pool, nowNanos);
            }
        }
    }

    private void sample(Watched watched, PoolSnapshot pool, long nowNanos) {
        String name = pool.config().name();
        PoolSample sample = PoolSample.of(
                nowNanos, pool, meters.pool(name).refused(), meters.opened(name), ages.of(name, nowNanos));
        watched.history.add(sample);
        watched.alarm.on(sample.pressure(), nowNanos).ifPresent(this::tell);
    }

    private void tell(Alarm alarm) {
        String percent = String.format(Locale.ROOT, "%.1f %%", 100 * alarm.pressure());
        switch (alarm.state()) {
            case RAISED -> LOG.warn("pool {}: alarm raised, {} in use", alarm.pool(), percent);
            case STILL_RAISED -> LOG.warn("pool {}: alarm still raised, {} in use", alarm.pool(), percent);
            case CLEARED -> LOG.info("pool {}: alarm cleared, {} in use", alarm.pool(), percent);
        }
        alarms.accept(alarm);
    }
}
