package dev.cgnat.proxy.transport;

import dev.cgnat.core.address.IpAddress;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;

/** Which addresses the kernel takes for this host's. */
public final class LocalAddress {
    private LocalAddress() {}

    /**
     * Whether {@code address} is this host's: by an interface, or by a local route alone, which no list of interfaces has. Costs
     * three system calls.
     */
    public static boolean isLocal(IpAddress address) {
        try (DatagramSocket probe = new DatagramSocket(null)) { // of UDP, so that no port of TCP is taken meanwhile
            probe.bind(new InetSocketAddress(address.toInetAddress(), 0));
            return true;
        } catch (SocketException e) {
            return false;
        }
    }
}
