package dev.cgnat.proxy;

import dev.cgnat.proxy.transport.Transport;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;

/** How names of destinations become addresses: the hosts file, then the name servers of the system, never blocking. */
final class Names {
    /** Two queries fit into the ten seconds that a client waits by default. */
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(4);

    /** Of each family. */
    private static final int MAX_QUERIES = 2;
    /** Clients choose the names, and could else fill the memory with names that live for years. */
    private static final int MAX_TTL_SECONDS = 30;

    private Names() {}

    /**
     * Answers are cached for as long as they may be, at most half a minute.
     *
     * @param ipv6 whether the IPv6 addresses of names that have no other are of use; else IPv4 alone is asked for, as pools are
     */
    static AddressResolverGroup<InetSocketAddress> resolver(Transport transport, boolean ipv6) {
        Class<? extends DatagramChannel> channel = transport.datagramChannel();
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(channel)
                .resolvedAddressTypes(ipv6 ? ResolvedAddressTypes.IPV4_PREFERRED : ResolvedAddressTypes.IPV4_ONLY)
                .completeOncePreferredResolved(true)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .ttl(0, MAX_TTL_SECONDS)
                .maxQueriesPerResolve(ipv6 ? 2 * MAX_QUERIES : MAX_QUERIES));
    }
}
