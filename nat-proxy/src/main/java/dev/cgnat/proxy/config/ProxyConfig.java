package dev.cgnat.proxy.config;

import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that a proxy needs to know.
 *
 * @param profile name of the profile whose values it is based on, {@code none} if none
 * @param listeners at least one, with different names, each with a pool of {@code nat}
 * @param onExhaustion by name of pool, what becomes of a flow that finds no port; a key for every pool
 * @param windowsEvents names of the pools whose refusals carry the id of the event that a Windows host would log
 * @param bypass destinations that leave untranslated, without a port of any pool (RFC 6888 REQ-6)
 * @param maxSessions flows at a time, at least 1; empty = what the limit of file descriptors allows
 * @param handshakesPerSource connections of one source, by the prefixes of {@code subscriber}, that have not completed their
 *     request, at a time, at least 1; {@link dev.cgnat.core.config.LimitConfig#NONE} = no limit
 * @param drainTimeout how long flows may go on after the signal to end, 0 to 24 h
 */
public record ProxyConfig(
        String profile,
        TransportKind transport,
        List<ListenerConfig> listeners,
        NatConfig nat,
        Map<String, ExhaustionAction> onExhaustion,
        Set<String> windowsEvents,
        SubscriberConfig subscriber,
        List<IPAddress> bypass,
        TimeoutConfig timeouts,
        TcpConfig tcp,
        OptionalInt maxSessions,
        int handshakesPerSource,
        Duration drainTimeout,
        AccessConfig access,
        AdminConfig admin,
        MetricsConfig metrics) {
    /** Pools are of IPv4 addresses; whoever has IPv6 needs no translation (dual stack). */
    static final List<IPAddress> DEFAULT_BYPASS = List.of(new IPAddressString("::/0").getAddress());

    /**
     * As many as wait to be accepted at most, so that a load generator on one address is not cut off for being fast; less than
     * half of what 20,000 file descriptors allow, so that others find room.
     */
    public static final int DEFAULT_HANDSHAKES_PER_SOURCE = 4096;

    static final Duration MAX_DRAIN = Duration.ofDays(1);

    static final String NEEDS_TRUSTED_PROXIES = "(expected: a listener with trusted-proxies, which tell the source)";
    static final String NEEDS_USERS = "(expected: a listener with users-file, where clients prove a name)";

    public ProxyConfig {
        listeners = List.copyOf(listeners);
        bypass = List.copyOf(bypass);
        onExhaustion = Map.copyOf(onExhaustion);
        windowsEvents = Set.copyOf(windowsEvents);
        Set<String> pools = new HashSet<>();
        nat.pools().stream().map(PoolConfig::name).forEach(pools::add);
        if (!onExhaustion.keySet().equals(pools)) {
            throw new IllegalArgumentException(
                    "on-exhaustion: " + onExhaustion.keySet() + " (expected: " + pools + ")");
        }
        if (!pools.containsAll(windowsEvents)) {
            throw new IllegalArgumentException("windows-events: " + windowsEvents + " (expected: of " + pools + ")");
        }
        if (listeners.isEmpty()) {
            throw new IllegalArgumentException("listeners: [] (expected: at least one listener)");
        }
        Set<String> names = new HashSet<>();
        for (ListenerConfig listener : listeners) {
            if (!names.add(listener.name())) {
                throw new IllegalArgumentException(
                        "listeners: two named " + listener.name() + " (expected: different names)");
            }
            if (!pools.contains(listener.pool())) {
                throw new IllegalArgumentException("pool: " + listener.pool() + " (expected: one of " + pools + ")");
            }
            if (!listener.isLoopback()
                    && listener.users().isEmpty()
                    && access.allowSources().isEmpty()) {
                throw new IllegalArgumentException(
                        "bind: " + listener.bind() + " " + listener.type().neededRule());
            }
        }
        if (subscriber.identity() == Identity.SOCKS_USER
                && listeners.stream().allMatch(listener -> listener.users().isEmpty())) {
            throw new IllegalArgumentException("subscriber.identity: socks-user " + NEEDS_USERS);
        }
        if (subscriber.identity() == Identity.PROXY_HEADER
                && listeners.stream()
                        .allMatch(listener -> listener.trustedProxies().isEmpty())) {
            throw new IllegalArgumentException("subscriber.identity: proxy-header " + NEEDS_TRUSTED_PROXIES);
        }
        if (handshakesPerSource < 1) {
            throw new IllegalArgumentException(
                    "limits.handshakes-per-source: " + handshakesPerSource + " (expected: none or at least 1)");
        }
        if (maxSessions.isPresent() && maxSessions.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "limits.sessions: " + maxSessions.getAsInt() + " (expected: auto or at least 1)");
        }
        if (drainTimeout.isNegative() || drainTimeout.compareTo(MAX_DRAIN) > 0) {
            throw new IllegalArgumentException("drain-timeout: " + drainTimeout + " (expected: 0s to 24h)");
        }
    }

    /** SOCKS on 127.0.0.1:1080 for {@code nat}, whose first pool it uses; everything else as if not configured. */
    public static ProxyConfig defaults(NatConfig nat) {
        Map<String, ExhaustionAction> refuse =
                nat.pools().stream().collect(Collectors.toMap(PoolConfig::name, pool -> ExhaustionAction.REFUSE));
        return new ProxyConfig(
                "none",
                TransportKind.AUTO,
                List.of(ListenerConfig.socks(nat.pools().get(0).name())),
                nat,
                refuse,
                Set.of(),
                SubscriberConfig.defaults(),
                DEFAULT_BYPASS,
                TimeoutConfig.defaults(),
                TcpConfig.defaults(),
                OptionalInt.empty(),
                DEFAULT_HANDSHAKES_PER_SOURCE,
                Duration.ofSeconds(30),
                AccessConfig.defaults(),
                AdminConfig.defaults(),
                MetricsConfig.defaults());
    }

    /** With these listeners alone. */
    public ProxyConfig withListeners(List<ListenerConfig> newListeners) {
        return new ProxyConfig(
                profile,
                transport,
                newListeners,
                nat,
                onExhaustion,
                windowsEvents,
                subscriber,
                bypass,
                timeouts,
                tcp,
                maxSessions,
                handshakesPerSource,
                drainTimeout,
                access,
                admin,
                metrics);
    }

    /** With one listener more. */
    public ProxyConfig withListener(ListenerConfig listener) {
        return withListeners(
                Stream.concat(listeners.stream(), Stream.of(listener)).toList());
    }
}
