package dev.cgnat.proxy.relay;

import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.metrics.ListenerMeters;
import dev.cgnat.proxy.metrics.SessionMeters;

/**
 * What all flows of one listener share.
 *
 * @param poolMeters where they are counted: with their pool, or with those that use none
 */
public record FlowSettings(TimeoutConfig timeouts, ListenerMeters listenerMeters, SessionMeters poolMeters) {
    /** The same with those timeouts. */
    public FlowSettings withTimeouts(TimeoutConfig value) {
        return value.equals(timeouts) ? this : new FlowSettings(value, listenerMeters, poolMeters);
    }

    /** For flows that use no pool. */
    public FlowSettings bypassed() {
        return new FlowSettings(timeouts, listenerMeters, listenerMeters.bypassed());
    }
}
