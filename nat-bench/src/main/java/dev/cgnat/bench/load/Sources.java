package dev.cgnat.bench.load;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The source endpoints of the clients: one address for each subscriber, and its ports in turn.
 *
 * <p>The ports are bound explicitly. The kernel's own choice skips every number that anything has bound explicitly on any
 * local address, so beside a NAT, which binds its pool so, kernel-chosen ports would run out for no visible reason.
 *
 * <p>Thread-safe.
 */
public final class Sources {
    /** All that need no privilege. */
    public static final PortRange ALL_PORTS = new PortRange(1024, 65_535);

    private final List<IpAddress> addresses;
    private final PortRange ports;
    private final AtomicIntegerArray cursors;

    private Sources(List<IpAddress> addresses, PortRange ports, int first) {
        this.addresses = List.copyOf(addresses);
        this.ports = ports;
        cursors = new AtomicIntegerArray(addresses.size());
        for (int i = 0; i < cursors.length(); i++) {
            cursors.set(i, first);
        }
    }

    /**
     * The first {@code subscribers} addresses of a prefix (its network address, if it has more than one, is left out),
     * or fewer if the prefix is smaller. Where the machine does not own the prefix, as on macOS, 127.0.0.1 alone.
     *
     * @param prefix such as {@code 127.1.0.0/16}
     * @param subscribers 1 or more
     * @param ports what each address uses, in turn
     * @param first where the turn starts, so that runs close to one another do not begin alike; any number
     */
    public static Sources of(String prefix, int subscribers, PortRange ports, long first) {
        if (subscribers < 1) {
            throw new IllegalArgumentException("subscribers: " + subscribers + " (expected: at least 1)");
        }
        int offset = (int) Math.floorMod(first, (long) ports.size());
        List<IpAddress> addresses = new ArrayList<>();
        IPAddress block = parse(prefix);
        BigInteger size = block.getCount();
        int skipped = size.equals(BigInteger.ONE) ? 0 : 1;
        int count = size.subtract(BigInteger.valueOf(skipped))
                .min(BigInteger.valueOf(subscribers))
                .intValueExact();
        IpAddress base = IpAddress.from(block.getLower().toInetAddress());
        for (int i = 0; i < count; i++) {
            addresses.add(base.plus(i + skipped));
        }
        if (!isLocal(addresses.get(0)) || !isLocal(addresses.get(count - 1))) {
            addresses = List.of(IpAddress.ofIpv4(127, 0, 0, 1));
        }
        return new Sources(addresses, ports, offset);
    }

    /** Number of addresses, 1 or more. */
    public int size() {
        return addresses.size();
    }

    /** The address of a subscriber, 0 to {@link #size()} - 1. */
    public IpAddress address(int subscriber) {
        return addresses.get(subscriber);
    }

    /** The subscriber's next endpoint; after the last port comes the first again. */
    public InetSocketAddress next(int subscriber) {
        int turn = Math.floorMod(cursors.getAndIncrement(subscriber), ports.size());
        return new InetSocketAddress(addresses.get(subscriber).toInetAddress(), ports.first() + turn);
    }

    /** Whether this machine can bind the address. */
    public static boolean isLocal(IpAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address.toInetAddress(), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static IPAddress parse(String prefix) {
        try {
            return new IPAddressString(prefix).toAddress().toPrefixBlock();
        } catch (AddressStringException | RuntimeException e) {
            throw new IllegalArgumentException("sources: " + prefix + " (expected: a prefix such as 127.1.0.0/16)", e);
        }
    }
}
