package dev.cgnat.proxy.config;

import dev.cgnat.core.address.IpAddress;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Who may connect.
 *
 * @param allowed prefixes; empty = whoever can reach the listener
 */
public record Sources(List<IPAddress> allowed) {
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    public Sources {
        allowed = List.copyOf(allowed);
    }

    /** Whether a client from {@code source}, which must be resolved, may. */
    public boolean allow(InetSocketAddress source) {
        if (allowed.isEmpty()) {
            return true;
        }
        // A listener on an IPv6 wildcard sees IPv4 clients in mapped form, which no IPv4 prefix contains.
        IPAddress address = GENERATOR.from(IpAddress.from(source.getAddress()).toInetAddress());
        return allowed.stream().anyMatch(prefix -> prefix.contains(address));
    }
}
