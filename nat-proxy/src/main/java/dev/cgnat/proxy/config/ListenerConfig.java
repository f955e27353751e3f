package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import inet.ipaddr.IPAddress;
import java.util.List;
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
 * @param users who may come in, by name and password, with {@link Type#SOCKS} and {@link Type#HTTP_CONNECT} only; empty =
 *     whoever {@code acl.allow-sources} lets in
 * @param trustedProxies prefixes whose connections begin with a PROXY header; empty = none does
 * @param sendProxyProtocol with which header a {@link Type#FORWARD} begins its connections to the target
 */
public record ListenerConfig(
        String name,
        Type type,
        Endpoint bind,
        Optional<Target> target,
        String pool,
        Optional<Mapping> mapping,
        ClientClass clientClass,
        Optional<Users> users,
        List<IPAddress> trustedProxies,
        ProxyHeader sendProxyProtocol) {
    static final String NEEDS_A_HANDSHAKE = "(expected: with type socks or http-connect only)";

    private static final int DEFAULT_SOCKS_PORT = 1080; // RFC 1928 section 3

    /** The protocol that clients speak. */
    public enum Type {
        /** SOCKS 5, 4 and 4A, CONNECT only. */
        SOCKS,
        /** HTTP CONNECT. */
        HTTP_CONNECT,
        /** None: every connection goes to the same target. */
        FORWARD,
        /** None: connections that TPROXY rules of the firewall deliver go where they were bound for. Linux only. */
        TPROXY,
        /** None: connections that REDIRECT rules of the firewall turned to here go where they were bound for. Linux only. */
        REDIRECT;

        /** Whether its connections never meant to reach this host. */
        public boolean isTransparent() {
            return this == TPROXY || this == REDIRECT;
        }

        /** Whether clients can prove a name. */
        boolean canAuthenticate() {
            return this == SOCKS || this == HTTP_CONNECT;
        }

        /** What a listener that others can reach lacks, if nothing says who they are. */
        String neededRule() {
            return switch (this) {
                case SOCKS, HTTP_CONNECT ->
                    "(expected: a loopback address, or users-file or acl.allow-sources that says who may use it)";
                case FORWARD, REDIRECT ->
                    "(expected: a loopback address, or acl.allow-sources that says who may use it)";
                case TPROXY ->
                    "(expected: with acl.allow-sources that says who may use it, as TPROXY brings clients from everywhere)";
            };
        }
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

    /** Versions of the PROXY protocol. */
    public enum ProxyHeader {
        NONE,
        V1,
        V2
    }

    public ListenerConfig {
        trustedProxies = List.copyOf(trustedProxies);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name:  (expected: at least one character)");
        }
        if (target.isPresent() != (type == Type.FORWARD)) {
            throw new IllegalArgumentException("target: " + target + " (expected: with type forward, and only there)");
        }
        if (!trustedProxies.isEmpty() && type.isTransparent()) {
            throw new IllegalArgumentException(
                    "trusted-proxies: " + trustedProxies + " (expected: none, as the client itself speaks first)");
        }
        if (sendProxyProtocol != ProxyHeader.NONE && type != Type.FORWARD) {
            throw new IllegalArgumentException(
                    "send-proxy-protocol: " + sendProxyProtocol + " (expected: with type forward only)");
        }
        if (users.isPresent() && !type.canAuthenticate()) {
            throw new IllegalArgumentException("users-file: " + users.get() + " " + NEEDS_A_HANDSHAKE);
        }
    }

    /** With the mapping of the pool, for scalable clients, whoever they are. */
    public ListenerConfig(String name, Type type, Endpoint bind, Optional<Target> target, String pool) {
        this(name, type, bind, target, pool, Optional.empty(), ClientClass.SCALABLE);
    }

    /** For whoever comes, without PROXY headers. */
    public ListenerConfig(
            String name,
            Type type,
            Endpoint bind,
            Optional<Target> target,
            String pool,
            Optional<Mapping> mapping,
            ClientClass clientClass) {
        this(name, type, bind, target, pool, mapping, clientClass, Optional.empty(), List.of(), ProxyHeader.NONE);
    }

    /** For {@code newUsers} alone. */
    public ListenerConfig withUsers(Users newUsers) {
        return new ListenerConfig(
                name,
                type,
                bind,
                target,
                pool,
                mapping,
                clientClass,
                Optional.of(newUsers),
                trustedProxies,
                sendProxyProtocol);
    }

    /** For connections that begin with a PROXY header, from {@code newTrustedProxies}. */
    public ListenerConfig withTrustedProxies(List<IPAddress> newTrustedProxies) {
        return new ListenerConfig(
                name, type, bind, target, pool, mapping, clientClass, users, newTrustedProxies, sendProxyProtocol);
    }

    /** That tells its target who the client is, by a header of {@code version}. */
    public ListenerConfig withSendProxyProtocol(ProxyHeader version) {
        return new ListenerConfig(name, type, bind, target, pool, mapping, clientClass, users, trustedProxies, version);
    }

    /** SOCKS on 127.0.0.1:1080, named {@code socks}. */
    public static ListenerConfig socks(String pool) {
        Endpoint bind = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), DEFAULT_SOCKS_PORT);
        return new ListenerConfig("socks", Type.SOCKS, bind, Optional.empty(), pool);
    }

    /** Whether nobody on another machine can reach it: TPROXY brings connections from everywhere to any address. */
    public boolean isLoopback() {
        return isLoopback(type, bind);
    }

    /** Whether its clients are of this host: a trusted proxy, even one on loopback, brings them from anywhere. */
    boolean servesThisHostAlone() {
        return isLoopback() && trustedProxies.isEmpty();
    }

    static boolean isLoopback(Type type, Endpoint bind) {
        return type != Type.TPROXY && bind.address().toInetAddress().isLoopbackAddress();
    }
}
