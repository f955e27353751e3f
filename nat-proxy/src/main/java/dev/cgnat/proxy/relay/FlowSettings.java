package dev.cgnat.proxy.relay;

import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.metrics.ListenerMeters;
import dev.cgnat.proxy.metrics.PoolMeters;

/** What all flows of one listener share. */
public record FlowSettings(TimeoutConfig timeouts, ListenerMeters listenerMeters, PoolMeters poolMeters) {}
