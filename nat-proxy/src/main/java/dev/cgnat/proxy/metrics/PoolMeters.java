package dev.cgnat.proxy.metrics;

import dev.cgnat.core.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts what only the shell knows about one pool.
 *
 * <p>Ownership: any thread.
 */
public final class PoolMeters extends SessionMeters {
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Timer allocations;
    private final Timer sessions;
    private final Timer waitsGranted;
    private final Timer waitsRefused;

    PoolMeters(MeterRegistry registry, String pool, String protocol) {
        super(registry, CgnMeter.SESSIONS, pool);
        allocations = CgnMeter.PORT_ALLOCATION_DURATION.timer(registry, pool);
        sessions = CgnMeter.SESSION_DURATION.timer(registry, pool);
        waitsGranted = CgnMeter.QUEUE_WAIT.timer(registry, pool, "granted");
        waitsRefused = CgnMeter.QUEUE_WAIT.timer(registry, pool, "refused");
        for (Refusal reason : Refusal.values()) {
            if (reason.isShell()) {
                refusals.put(
                        reason, CgnMeter.PORT_ALLOCATION_FAILURES.counter(registry, pool, protocol, reason.label()));
            }
        }
    }

    /**
     * A refusal that the shell decided; the core counts its own.
     *
     * @throws IllegalArgumentException if not {@link Refusal#isShell}
     */
    public void refused(Refusal reason) {
        Counter counter = refusals.get(reason);
        if (counter == null) {
            throw new IllegalArgumentException("reason: " + reason + " (expected: one of " + refusals.keySet() + ")");
        }
        counter.increment();
    }

    /** Refusals that the shell decided so far; every {@link Refusal#isShell} is a key. */
    public Map<Refusal, Long> refused() {
        Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);
        refusals.forEach((reason, counter) -> counts.put(reason, (long) counter.count()));
        return counts;
    }

    /** The NAT was asked for a port and has answered, {@code nanos} later. */
    public void allocationTook(long nanos) {
        allocations.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A flow was told how its waiting for a port ended, {@code nanos} after it began. */
    public void waited(long nanos, boolean isGranted) {
        (isGranted ? waitsGranted : waitsRefused).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void sessionLasted(long nanos) {
        sessions.record(nanos, TimeUnit.NANOSECONDS);
    }
}
