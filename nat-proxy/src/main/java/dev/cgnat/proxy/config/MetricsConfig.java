package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is measured, and a listener that serves {@code /metrics} and nothing else, for a Prometheus on another host.
 *
 * @param bind empty = no such listener
 * @param allowSources prefixes that may read; must not be empty if {@code bind} is not a loopback address
 * @param perAddress whether the ports in use of each address are told, of pools with at most 256
 * @param alarms by name of pool; {@link AlarmConfig#defaults} for a pool that is no key
 */
public record MetricsConfig(
        Optional<Endpoint> bind, List<IPAddress> allowSources, boolean perAddress, Map<String, AlarmConfig> alarms) {
    public MetricsConfig {
        allowSources = List.copyOf(allowSources);
        alarms = Map.copyOf(alarms);
        if (bind.isPresent() && !bind.get().address().toInetAddress().isLoopbackAddress() && allowSources.isEmpty()) {
            throw new IllegalArgumentException(
                    "metrics.bind: " + bind.get() + " (expected: a loopback address, or metrics.allow-sources)");
        }
    }

    /** All that is measured by default, served at {@code bind} too. */
    public MetricsConfig(Optional<Endpoint> bind, List<IPAddress> allowSources) {
        this(bind, allowSources, true, Map.of());
    }

    /** No such listener. */
    public static MetricsConfig defaults() {
        return new MetricsConfig(Optional.empty(), List.of());
    }

    /** When the pool of that name is worth an alarm. */
    public AlarmConfig alarm(String pool) {
        return alarms.getOrDefault(pool, AlarmConfig.defaults());
    }

    /** The same with these alarms. */
    public MetricsConfig withAlarms(Map<String, AlarmConfig> value) {
        return new MetricsConfig(bind, allowSources, perAddress, value);
    }
}
