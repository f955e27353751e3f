package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import java.util.Optional;

/**
 * One way in.
 *
 * @param name not empty; unique in a configuration
 * @param bind where it listens; port 0 takes a free one
 * @param target where a {@link Type#FORWARD} goes; empty for the other types
 * @param pool name of the pool that its flows leave from
 * @param mapping of its flows; empty = that of the pool
 * @param clientClass of its flows
 */
public record ListenerConfig(
        String name,
        Type type,
        Endpoint bind,
        Optional<Target> target,
        String pool,
        Optional<Mapping> mapping,
        ClientClass clientClass) {
    private static final int DEFAULT_SOCKS_PORT = 1080; // RFC 1928 section 3

    /** The protocol that clients speak. */
    public enum Type {
        /** SOCKS5, CONNECT only. */
        SOCKS,
        /** HTTP CONNECT. */
        HTTP_CONNECT,
        /** None: every connection goes to the same target. */
        FORWARD
    }

    /**
     * A host and a port.
     *
     * @param host address or name
     * @param port 1 to 65535
     */
    public record Target(String host, int port) {
        public Target {
            if (host.isEmpty()) {
                throw new IllegalArgumentException("target:  (expected: host:port)");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("target: port " + port + " (expected: 1 to 65535)");
            }
        }
    }

    public ListenerConfig {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name:  (expected: at least one character)");
        }
        if (target.isPresent() != (type == Type.FORWARD)) {
            throw new IllegalArgumentException("target: " + target + " (expected: with type forward, and only there)");
        }
    }

    /** With the mapping of the pool, for scalable clients. */
    public ListenerConfig(String name, Type type, Endpoint bind, Optional<Target> target, String pool) {
        this(name, type, bind, target, pool, Optional.empty(), ClientClass.SCALABLE);
    }

    /** SOCKS on 127.0.0.1:1080, named {@code socks}. */
    public static ListenerConfig socks(String pool) {
        Endpoint bind = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), DEFAULT_SOCKS_PORT);
        return new ListenerConfig("socks", Type.SOCKS, bind, Optional.empty(), pool);
    }

    /** Whether nobody on another machine can reach it. */
    public boolean isLoopback() {
        return bind.address().toInetAddress().isLoopbackAddress();
    }
}
