package dev.cgnat.proxy.ingress;

import io.netty.util.NetUtil;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a client wants to go, before any name is resolved.
 *
 * @param host an address, or a name of at most 253 characters: labels of letters, digits, hyphens and underscores, at most 63
 *     each (RFC 1035 section 2.3.4), with or without the dot of the root
 * @param port 1 to 65535
 */
record Destination(String host, int port) {
    /** Names as hosts and resolvers use them; anything else would reach the resolver as data of its own. */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\\.?");

    private static final Pattern AUTHORITY = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^:/@\\[\\]]+)):([0-9]{1,5})");

    /** The destination of a host and a port that came apart; empty if either is not one. */
    static Optional<Destination> of(String host, int port) {
        return isHost(host) && port >= 1 && port <= 65_535
                ? Optional.of(new Destination(host, port))
                : Optional.empty();
    }

    /** Whether {@code text} is an address or a name. */
    static boolean isHost(String text) {
        return NetUtil.isValidIpV4Address(text)
                || NetUtil.isValidIpV6Address(text)
                || NAME.matcher(text).matches();
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
