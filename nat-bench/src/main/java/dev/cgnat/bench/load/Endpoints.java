package dev.cgnat.bench.load;

import dev.cgnat.core.address.PortRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The spelling of hosts and ports on the command line. */
public final class Endpoints {
    private Endpoints() {}

    /** {@code HOST:PORT}, with an IPv6 address in brackets; not resolved. */
    public static InetSocketAddress parse(String text) {
        List<InetSocketAddress> one = parseList(text);
        if (one.size() != 1) {
            throw new IllegalArgumentException(text + " (expected: one HOST:PORT)");
        }
        return one.get(0);
    }

    /** {@code HOST:PORT} or {@code HOST:PORT-PORT}, several with commas between; not resolved. */
    public static List<InetSocketAddress> parseList(String text) {
        List<InetSocketAddress> endpoints = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int colon = part.lastIndexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(part + " (expected: HOST:PORT or HOST:PORT-PORT)");
            }
            String host = part.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            PortRange ports = ports(part.substring(colon + 1));
            for (int port = ports.first(); port <= ports.last(); port++) {
                endpoints.add(InetSocketAddress.createUnresolved(host, port));
            }
        }
        return endpoints;
    }

    /** The same with its address looked up; an address needs no look-up. */
    public static InetSocketAddress resolved(InetSocketAddress endpoint) {
        try {
            return new InetSocketAddress(InetAddress.getAllByName(endpoint.getHostString())[0], endpoint.getPort());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    endpoint.getHostString() + " (expected: an address or a name that resolves)", e);
        }
    }

    /** {@code HOST:PORT}. */
    public static String text(InetSocketAddress endpoint) {
        String host = endpoint.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + endpoint.getPort();
    }

    private static PortRange ports(String text) {
        String[] ends = text.split("-", 2);
        try {
            int first = Integer.parseInt(ends[0]);
            return new PortRange(first, ends.length == 1 ? first : Integer.parseInt(ends[1]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(text + " (expected: PORT or PORT-PORT, each 0 to 65535)", e);
        }
    }
}
