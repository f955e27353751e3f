package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;

/**
 * Whether the last configuration that was loaded is in force, and since when one is. The one that the proxy was started with
 * counts as the first.
 *
 * <p>Ownership: any thread.
 */
public final class ReloadMeters {
    private volatile State state = new State(true, Instant.now());

    private record State(boolean isSuccess, Instant inForceSince) {}

    ReloadMeters(MeterRegistry registry) {
        CgnMeter.CONFIG_LAST_RELOAD_SUCCESSFUL.gauge(registry, () -> state.isSuccess ? 1 : 0);
        CgnMeter.CONFIG_LAST_RELOAD_TIMESTAMP.gauge(registry, () -> state.inForceSince.toEpochMilli() / 1000.0);
    }

    /** A configuration was put in force. */
    public synchronized void succeeded(Instant at) {
        state = new State(true, at);
    }

    /** A configuration could not be put in force; the one before still is. */
    public synchronized void failed() {
        state = new State(false, state.inForceSince);
    }
}
