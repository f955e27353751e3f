package dev.cgnat.proxy.config;

import dev.cgnat.core.address.IpAddress;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;

/**
 * Whom the limits count and pairing follows (RFC 6888 section 2).
 *
 * @param ipv4Prefix source addresses with this many leading bits in common are one subscriber, 0 to 32
 * @param ipv6Prefix the same for IPv6, 0 to 128; a customer's site is a /64 at least
 */
public record SubscriberConfig(Identity identity, int ipv4Prefix, int ipv6Prefix) {
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    /** What tells two subscribers apart. */
    public enum Identity {
        /** The address that the connection comes from. */
        SOURCE_ADDRESS,
        /** The name that the client proved by SOCKS or HTTP; of a client without one, its source address. */
        SOCKS_USER,
        /** The source address that a trusted PROXY header tells; without one, that of the connection. */
        PROXY_HEADER
    }

    public SubscriberConfig {
        requireIpv4Prefix(ipv4Prefix);
        requireIpv6Prefix(ipv6Prefix);
    }

    /** Every IPv4 address, every IPv6 /64. */
    public static SubscriberConfig defaults() {
        return new SubscriberConfig(Identity.SOURCE_ADDRESS, 32, 64);
    }

    /** The name of whoever has {@code address}: itself, or its prefix if that is shorter, such as {@code 2001:db8::/64}. */
    public String prefixOf(IpAddress address) {
        return isWhole(address) ? address.toString() : block(address).toCanonicalString();
    }

    /** The first address of whoever has {@code address}. */
    public IpAddress prefixAddressOf(IpAddress address) {
        return isWhole(address)
                ? address
                : IpAddress.from(block(address).getLower().toInetAddress());
    }

    /** Whether every address of that family is somebody else; nothing needs to be computed then. */
    private boolean isWhole(IpAddress address) {
        return address.isIpv4() ? ipv4Prefix == 32 : ipv6Prefix == 128;
    }

    private IPAddress block(IpAddress address) {
        return GENERATOR.from(address.toInetAddress()).toPrefixBlock(address.isIpv4() ? ipv4Prefix : ipv6Prefix);
    }

    static void requireIpv4Prefix(int length) {
        requireLength("ipv4-prefix", length, IPAddress.IPVersion.IPV4);
    }

    static void requireIpv6Prefix(int length) {
        requireLength("ipv6-prefix", length, IPAddress.IPVersion.IPV6);
    }

    private static void requireLength(String name, int length, IPAddress.IPVersion version) {
        int longest = IPAddress.getBitCount(version);
        if (length < 0 || length > longest) {
            throw new IllegalArgumentException(name + ": " + length + " (expected: 0 to " + longest + ")");
        }
    }
}
