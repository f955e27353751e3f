package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;

/**
 * The administrator's listener.
 *
 * @param bind a loopback address; port 0 takes a free one
 */
public record AdminConfig(Endpoint bind) {
    public AdminConfig {
        if (!bind.address().toInetAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("admin.bind: " + bind
                    + " (expected: a loopback address; use metrics.bind for a Prometheus on another host)");
        }
    }

    /** 127.0.0.1:9477. */
    public static AdminConfig defaults() {
        return new AdminConfig(new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 9477));
    }
}
