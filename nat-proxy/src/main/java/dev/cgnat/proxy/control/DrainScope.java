package dev.cgnat.proxy.control;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.session.Session;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is drained: everything, one pool or one external address.
 *
 * @param pool for a pool only
 * @param address for an address only
 */
public record DrainScope(Kind kind, Optional<String> pool, Optional<IpAddress> address) {
    /** How much is drained. */
    public enum Kind {
        ALL,
        POOL,
        ADDRESS
    }

    private static final String EXPECTED = "(expected: all, pool:NAME or address:IP, of a pool that exists)";

    /**
     * {@code all}, {@code pool:NAME} or {@code address:IP}.
     *
     * @throws IllegalArgumentException if it is none of these, or none of {@code pools} has it
     */
    public static DrainScope parse(String text, List<PoolConfig> pools) {
        if (text.equals("all")) {
            return new DrainScope(Kind.ALL, Optional.empty(), Optional.empty());
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String value = text.substring(colon + 1);
        if (kind.equals("pool") && pools.stream().anyMatch(pool -> pool.name().equals(value))) {
            return new DrainScope(Kind.POOL, Optional.of(value), Optional.empty());
        }
        if (kind.equals("address") && value.matches("[0-9.]+|[0-9a-fA-F:.]+")) {
            try {
                IpAddress address =
                        IpAddress.from(InetAddress.getByName(value)); // numbers alone, so no name is looked up
                if (pools.stream().anyMatch(pool -> pool.lends(address))) {
                    return new DrainScope(Kind.ADDRESS, Optional.empty(), Optional.of(address));
                }
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("scope: " + text + " " + EXPECTED, e);
            }
        }
        throw new IllegalArgumentException("scope: " + text + " " + EXPECTED);
    }

    /** Whether {@code session} ends with the drain. */
    public boolean covers(Session session) {
        return switch (kind) {
            case ALL -> true;
            case POOL -> pool.get().equals(session.binding().pool());
            case ADDRESS -> address.get().equals(session.binding().external().address());
        };
    }

    @Override
    public String toString() {
        String word = kind.name().toLowerCase(Locale.ROOT);
        return pool.or(() -> address.map(IpAddress::toString))
                .map(what -> word + ":" + what)
                .orElse(word);
    }
}
