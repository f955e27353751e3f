package dev.cgnat.proxy.ingress;

import io.netty.util.NetUtil;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a client wants to go, before any name is resolved.
 *
 * @param host an address, or a name of letters, digits, dots, hyphens and underscores, at most 253 long
 * @param port 1 to 65535
 */
record Destination(String host, int port) {
    /** Names as hosts and resolvers use them; anything else would reach the resolver as data of its own. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,252})");

    private static final Pattern AUTHORITY = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^:/@\\[\\]]+)):([0-9]{1,5})");

    /** The destination of a host and a port that came apart; empty if either is not one. */
    static Optional<Destination> of(String host, int port) {
        boolean isHost = NetUtil.isValidIpV4Address(host)
                || NetUtil.isValidIpV6Address(host)
                || NAME.matcher(host).matches();
        return isHost && port >= 1 && port <= 65_535 ? Optional.of(new Destination(host, port)) : Optional.empty();
    }

    /** The destination of {@code host:port} (RFC 9110 section 7.2), IPv6 in brackets; empty if it is anything else. */
    static Optional<Destination> ofAuthority(String authority) {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean isBracketed = matcher.group(1) != null;
        String host = isBracketed ? matcher.group(1) : matcher.group(2);
        return isBracketed && !NetUtil.isValidIpV6Address(host)
                ? Optional.empty()
                : of(host, Integer.parseInt(matcher.group(3)));
    }
}
