package dev.cgnat.proxy.transport;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;

/** Asks the kernel for the way to an address. */
public final class RouteProbe {
    private RouteProbe() {}

    /**
     * Whether the kernel knows of no network at all by which {@code to} can be reached from the address of {@code from}. Costs four
     * system calls and sends nothing.
     */
    public static boolean isNetworkUnreachable(InetSocketAddress from, SocketAddress to) {
        try (DatagramSocket probe = new DatagramSocket(null)) { // of UDP, whose connect is a look at the routes
            probe.bind(new InetSocketAddress(from.getAddress(), 0));
            probe.connect(to);
            return false;
        } catch (SocketException e) {
            return SocketError.of(e) == SocketError.NETWORK_UNREACHABLE;
        }
    }
}
