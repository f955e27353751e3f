package dev.cgnat.proxy.metrics;

import dev.cgnat.core.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts what only the shell knows about one pool.
 *
 * <p>Ownership: any thread.
 */
public final class PoolMeters extends SessionMeters {
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);

    PoolMeters(MeterRegistry registry, String pool, String protocol) {
        super(registry, CgnMeter.SESSIONS, pool);
        for (Refusal reason : Refusal.values()) {
            if (reason.isShell()) {
                refusals.put(
                        reason, CgnMeter.PORT_ALLOCATION_FAILURES.counter(registry, pool, protocol, reason.label()));
            }
        }
    }

    /** Refusals that the shell decided so far, by every reason of its own. */
    public Map<Refusal, Long> refused() {
        Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);
        refusals.forEach((reason, counter) -> counts.put(reason, (long) counter.count()));
        return counts;
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
}
