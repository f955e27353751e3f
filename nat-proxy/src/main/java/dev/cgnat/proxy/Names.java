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

    private static final int MAX_QUERIES = 2;
    /** Clients choose the names, and could else fill the memory with names that live for years. */
    private static final int MAX_TTL_SECONDS = 30;

    private Names() {}

    /** IPv4 alone, as pools are. Answers are cached for as long as they may be, at most half a minute. */
    static AddressResolverGroup<InetSocketAddress> resolver(Transport transport) {
        Class<? extends DatagramChannel> channel = transport.datagramChannel();
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(channel)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .ttl(0, MAX_TTL_SECONDS)
                .maxQueriesPerResolve(MAX_QUERIES));
    }
}
