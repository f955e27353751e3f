package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Optional;

/**
 * A listener that serves {@code /metrics} and nothing else, for a Prometheus on another host.
 *
 * @param bind empty = no such listener
 * @param allowSources prefixes that may read; must not be empty if {@code bind} is not a loopback address
 */
public record MetricsConfig(Optional<Endpoint> bind, List<IPAddress> allowSources) {
    public MetricsConfig {
        allowSources = List.copyOf(allowSources);
        if (bind.isPresent() && !bind.get().address().toInetAddress().isLoopbackAddress() && allowSources.isEmpty()) {
            throw new IllegalArgumentException(
                    "metrics.bind: " + bind.get() + " (expected: a loopback address, or metrics.allow-sources)");
        }
    }

    /** No such listener. */
    public static MetricsConfig defaults() {
        return new MetricsConfig(Optional.empty(), List.of());
    }
}
