package dev.cgnat.proxy.metrics;

import dev.cgnat.core.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what only the shell knows about one pool.
 *
 * <p>Ownership: any thread, but each session tells its states in order. No gauge ever shows a negative number; a session
 * that moves while a scrape runs may be seen in both of its states.
 */
public final class PoolMeters {
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    // Not striped adders: the sum of those may catch a session's end without its beginning.
    private final Map<SessionState, AtomicLong> sessions = new EnumMap<>(SessionState.class);

    PoolMeters(MeterRegistry registry, String pool, String protocol) {
        for (Refusal reason : Refusal.values()) {
            if (reason.isShell()) {
                refusals.put(
                        reason, CgnMeter.PORT_ALLOCATION_FAILURES.counter(registry, pool, protocol, reason.label()));
            }
        }
        for (SessionState state : SessionState.values()) {
            AtomicLong count = new AtomicLong();
            sessions.put(state, count);
            CgnMeter.SESSIONS.gauge(registry, count::get, pool, state.label());
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

    public void sessionBegan(SessionState state) {
        count(state).incrementAndGet();
    }

    public void sessionMoved(SessionState from, SessionState to) {
        count(to).incrementAndGet();
        count(from).decrementAndGet();
    }

    public void sessionEnded(SessionState state) {
        count(state).decrementAndGet();
    }

    private AtomicLong count(SessionState state) {
        return Objects.requireNonNull(sessions.get(state));
    }
}
