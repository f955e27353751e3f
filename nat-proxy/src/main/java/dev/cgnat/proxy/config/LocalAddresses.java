package dev.cgnat.proxy.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which addresses this machine has. */
final class LocalAddresses {
    private LocalAddresses() {}

    /**
     * True for an address of an interface, and on Linux, where all of 127.0.0.0/8 is there without being listed, for
     * every loopback address. True for all addresses if the interfaces cannot be read: it serves warnings only.
     */
    static Predicate<InetAddress> ofThisMachine() {
        Set<InetAddress> assigned;
        try {
            assigned = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            return address -> true;
        }
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
        return address -> assigned.contains(address) || (linux && address.isLoopbackAddress());
    }
}
