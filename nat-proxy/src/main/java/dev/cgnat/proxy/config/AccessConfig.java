package dev.cgnat.proxy.config;

import dev.cgnat.core.address.PortRange;
import inet.ipaddr.IPAddress;
import java.util.List;

/**
 * Who may use the listeners, and to where.
 *
 * @param allowSources prefixes; empty = whoever can reach the listener, which must then be on loopback
 * @param denyDestinations prefixes that no flow may go to
 * @param allowDestinations prefixes that a flow may go to though they are denied by default
 * @param allowPorts destination ports that a flow may go to; empty = all
 */
public record AccessConfig(
        List<IPAddress> allowSources,
        List<IPAddress> denyDestinations,
        List<IPAddress> allowDestinations,
        List<PortRange> allowPorts) {
    public AccessConfig {
        allowSources = List.copyOf(allowSources);
        denyDestinations = List.copyOf(denyDestinations);
        allowDestinations = List.copyOf(allowDestinations);
        allowPorts = List.copyOf(allowPorts);
    }

    /** No rule. */
    public static AccessConfig defaults() {
        return ofSources(List.of());
    }

    /** Only {@code allowSources} may come in; they may go anywhere. */
    public static AccessConfig ofSources(List<IPAddress> allowSources) {
        return new AccessConfig(allowSources, List.of(), List.of(), List.of());
    }
}
