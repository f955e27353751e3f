package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many flows are in which state.
 *
 * <p>Ownership: any thread, but each session tells its states in order. No gauge ever shows a negative number; a session
 * that moves while a scrape runs may be seen in both of its states.
 */
public class SessionMeters {
    // Not striped adders: the sum of those may catch a session's end without its beginning.
    private final Map<SessionState, AtomicLong> sessions = new EnumMap<>(SessionState.class);

    /** @param whose value of the tag of {@code gauge} before the state */
    SessionMeters(MeterRegistry registry, CgnMeter gauge, String whose) {
        for (SessionState state : SessionState.values()) {
            AtomicLong count = new AtomicLong();
            sessions.put(state, count);
            gauge.gauge(registry, count::get, whose, state.label());
        }
    }

    public final void sessionBegan(SessionState state) {
        count(state).incrementAndGet();
    }

    public final void sessionMoved(SessionState from, SessionState to) {
        count(to).incrementAndGet();
        count(from).decrementAndGet();
    }

    public final void sessionEnded(SessionState state) {
        count(state).decrementAndGet();
    }

    /** An established session has ended after {@code nanos}; not recorded of those that are bypassed. */
    public void sessionLasted(long nanos) {}

    private AtomicLong count(SessionState state) {
        return Objects.requireNonNull(sessions.get(state));
    }
}
