package dev.cgnat.core.address;

import java.net.InetSocketAddress;

/**
 * An address and a port: one side of a flow.
 *
 * @param port 0 to 65535
 */
public record Endpoint(IpAddress address, int port) {
    static final int MAX_PORT = 65_535;

    public Endpoint {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }

    /** The endpoint of {@code socketAddress}, which must be resolved, else {@link IllegalArgumentException}. */
    public static Endpoint from(InetSocketAddress socketAddress) {
        if (socketAddress.isUnresolved()) {
            throw new IllegalArgumentException("socketAddress: " + socketAddress + " (expected: a resolved address)");
        }
        return new Endpoint(IpAddress.from(socketAddress.getAddress()), socketAddress.getPort());
    }

    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(address.toInetAddress(), port);
    }

    /** {@code 127.0.1.1:4000} or {@code [2001:db8::1]:4000}. */
    @Override
    public String toString() {
        return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
