package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the last configuration that was loaded is in force, and since when one is. The one that the proxy was started with
 * counts as the first.
 *
 * <p>Ownership: any thread.
 */
public final class ReloadMeters {
    private final AtomicReference<State> state = new AtomicReference<>(new State(true, Instant.now()));

    private record State(boolean isSuccess, Instant inForceSince) {}

    ReloadMeters(MeterRegistry registry) {
        CgnMeter.CONFIG_LAST_RELOAD_SUCCESSFUL.gauge(registry, () -> state.get().isSuccess ? 1 : 0);
        CgnMeter.CONFIG_LAST_RELOAD_TIMESTAMP.gauge(
                registry, () -> state.get().inForceSince.toEpochMilli() / 1000.0);
    }

    /** A configuration was put in force. */
    public void succeeded(Instant at) {
        state.set(new State(true, at));
    }

    /** A configuration could not be put in force; the one before still is. */
    public void failed() {
        state.updateAndGet(before -> new State(false, before.inForceSince));
    }
}
