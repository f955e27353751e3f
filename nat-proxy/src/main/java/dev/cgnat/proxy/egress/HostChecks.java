package dev.cgnat.proxy.egress;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.PoolConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of this host stands in the way of its pools: each is told with what comes of it and what to do. Reads {@code /proc}; where
 * there is none it has nothing to say.
 */
public final class HostChecks {
    private static final String LISTEN = "0A";

    private final Path proc;

    HostChecks(Path proc) {
        this.proc = proc;
    }

    /** Of the network namespace in which this process runs. */
    public static HostChecks ofThisHost() {
        return new HostChecks(Path.of("/proc"));
    }

    /** One line each, none if nothing stands in the way. To be asked before any listener of ours is open. */
    public List<String> warnings(List<PoolConfig> pools) {
        List<String> warnings = new ArrayList<>();
        BitSet chosen = chosenByTheKernel();
        List<Listener> listeners =
                Stream.concat(listeners("net/tcp"), listeners("net/tcp6")).toList();
        for (PoolConfig pool : pools) {
            warnOfChosenPorts(pool, chosen, warnings);
            warnOfListeners(pool, listeners, warnings);
        }
        if (read("sys/net/ipv4/tcp_timestamps").equals("0")) {
            warnings.add(
                    "net.ipv4.tcp_timestamps is 0: the kernel then keeps a 4-tuple for a minute after its flow, whatever"
                            + " the hold-down says, and refuses flows that draw it (expected: sysctl -w net.ipv4.tcp_timestamps=1)");
        }
        return warnings;
    }

    private static void warnOfChosenPorts(PoolConfig pool, BitSet chosen, List<String> warnings) {
        BitSet both = ports(pool);
        both.and(chosen);
        if (!both.isEmpty()) {
            String ranges = text(both);
            warnings.add("pool " + pool.name() + ": ports " + ranges
                    + " are also those that the kernel gives to other sockets"
                    + " of this host (net.ipv4.ip_local_port_range): one that is in use elsewhere is left alone for a minute, and"
                    + " other programs find fewer ports (expected: sysctl -w net.ipv4.ip_local_reserved_ports=" + ranges
                    + ", beside what is in it)");
        }
    }

    private static void warnOfListeners(PoolConfig pool, List<Listener> listeners, List<String> warnings) {
        BitSet lent = ports(pool);
        TreeSet<Integer> taken = listeners.stream()
                .filter(listener ->
                        lent.get(listener.port) && (listener.address.isUnspecified() || pool.lends(listener.address)))
                .map(Listener::port)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!taken.isEmpty()) {
            String list = taken.stream().map(String::valueOf).collect(Collectors.joining(", "));
            warnings.add("pool " + pool.name() + ": other programs listen on port " + list
                    + " of its addresses: flows that draw it are given another (expected: exclude-ports: [" + list
                    + "])");
        }
    }

    /** The ports that connect(2) may choose: the range, without what is reserved. */
    private BitSet chosenByTheKernel() {
        BitSet ports = new BitSet();
        String[] range = read("sys/net/ipv4/ip_local_port_range").split("\\s+", 0);
        if (range.length == 2) {
            ports.set(Integer.parseInt(range[0]), Integer.parseInt(range[1]) + 1);
        }
        for (String reserved : read("sys/net/ipv4/ip_local_reserved_ports").split(",", 0)) {
            if (!reserved.isEmpty()) {
                String[] ends = reserved.split("-", 0);
                ports.clear(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
            }
        }
        return ports;
    }

    /** Lines such as {@code 0: 0100007F:1F90 00000000:0000 0A …}, after a heading; those that listen come first. */
    private Stream<Listener> listeners(String file) {
        try (Stream<String> lines = Files.lines(proc.resolve(file))) {
            return lines
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", 5))
                    .takeWhile(fields -> fields.length > 3 && fields[3].equals(LISTEN))
                    .map(fields -> Listener.parse(fields[1]))
                    .toList()
                    .stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private String read(String file) {
        try {
            return Files.readString(proc.resolve(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static BitSet ports(PoolConfig pool) {
        BitSet ports = new BitSet();
        pool.ports().forEach(range -> ports.set(range.first(), range.last() + 1));
        pool.excludePorts().forEach(range -> ports.clear(range.first(), range.last() + 1));
        return ports;
    }

    private static String text(BitSet ports) {
        List<String> ranges = new ArrayList<>();
        for (int first = ports.nextSetBit(0); first >= 0; first = ports.nextSetBit(ports.nextClearBit(first))) {
            ranges.add(new PortRange(first, ports.nextClearBit(first) - 1).toString());
        }
        return String.join(",", ranges);
    }

    private record Listener(IpAddress address, int port) {
        /** The address is written as words of 32 bits, each as this machine keeps it: the lowest byte first. */
        static Listener parse(String text) {
            String[] parts = text.split(":", 2);
            byte[] bytes = HexFormat.of().parseHex(parts[0]);
            for (int word = 0; word < bytes.length; word += 4) {
                byte first = bytes[word];
                byte second = bytes[word + 1];
                bytes[word] = bytes[word + 3];
                bytes[word + 1] = bytes[word + 2];
                bytes[word + 2] = second;
                bytes[word + 3] = first;
            }
            try {
                return new Listener(IpAddress.from(InetAddress.getByAddress(bytes)), HexFormat.fromHexDigits(parts[1]));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("address: " + parts[0] + " (expected: 8 or 32 digits)", e);
            }
        }
    }
}
