package dev.cgnat.proxy.config;

import inet.ipaddr.IPAddress;
import java.util.List;

/**
 * Who may use the listeners.
 *
 * @param allowSources prefixes; empty = whoever can reach the listener, which must then be on loopback
 */
public record AccessConfig(List<IPAddress> allowSources) {
    public AccessConfig {
        allowSources = List.copyOf(allowSources);
    }

    /** No rule. */
    public static AccessConfig defaults() {
        return new AccessConfig(List.of());
    }
}
