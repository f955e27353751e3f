package dev.cgnat.proxy.egress;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.transport.SocketError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this host lets the process use the addresses and ports of a pool. */
public final class PoolAddresses {
    /** Linux: net.ipv4.ip_unprivileged_port_start, unless somebody has changed it. */
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PoolAddresses.class);

    private PoolAddresses() {}

    /**
     * Binds a socket to every address of {@code pool}, one after the other, and closes it; then one to its lowest port,
     * which may need a privilege.
     *
     * @throws IOException that names the first address that cannot be bound, and what to do
     */
    public static void requireBindable(PoolConfig pool) throws IOException {
        for (AddressRange range : pool.addresses()) {
            for (IpAddress address : (Iterable<IpAddress>) range.addresses()::iterator) {
                requireBindable(pool.name(), address);
            }
        }
        requirePrivilege(pool);
    }

    /**
     * Takes what a listener of ours on {@code listening} occupies out of what the pools lend: on that address, or on every
     * one if it listens everywhere.
     */
    public static void reserve(NatGate gate, List<PoolConfig> pools, Endpoint listening) {
        for (PoolConfig pool : pools) {
            Stream<IpAddress> occupied = listening.address().isUnspecified()
                    ? pool.addresses().stream().flatMap(AddressRange::addresses)
                    : Stream.of(listening.address());
            occupied.map(address -> new Endpoint(address, listening.port()))
                    .filter(pool::lends)
                    .filter(external -> !gate.reserve(pool.name(), external))
                    .forEach(external -> LOG.warn("a flow leaves from {}, on which a listener was opened", external));
        }
    }

    private static void requirePrivilege(PoolConfig pool) throws IOException {
        int lowest = pool.ports().stream().mapToInt(PortRange::first).min().orElseThrow();
        Endpoint first = new Endpoint(pool.addresses().get(0).first(), lowest);
        if (lowest >= FIRST_UNPRIVILEGED_PORT) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(first.toInetSocketAddress());
        } catch (IOException e) {
            if (SocketError.of(e)
                    != SocketError.ADDRESS_IN_USE) { // somebody else's port is set aside when a flow draws it
                throw new IOException(
                        "pool " + pool.name() + ": " + first + " cannot be bound (" + e.getMessage()
                                + "). Expected: ports from 1024 on, or the capability CAP_NET_BIND_SERVICE",
                        e);
            }
        }
    }

    /** As {@link #requireBindable(PoolConfig)} for one address of that pool. */
    public static void requireBindable(String pool, IpAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(address.toInetAddress(), 0));
        } catch (IOException e) {
            throw new IOException(
                    "pool " + pool + ": " + address + " cannot be bound (" + e.getMessage()
                            + "). Expected: an address of this host. For a prefix that is routed here: ip route add local "
                            + "PREFIX dev lo; for one address: ip addr add " + address
                            + "/32 dev lo (both need CAP_NET_ADMIN)",
                    e);
        }
    }
}
