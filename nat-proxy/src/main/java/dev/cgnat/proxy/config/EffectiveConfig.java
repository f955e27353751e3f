package dev.cgnat.proxy.config;

import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import inet.ipaddr.IPAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration as somebody would have written it down in full: every key of {@code reference.yaml} with the value that holds. What is
 * read from it again is the same configuration, but for secrets, which it says to be there and does not tell.
 */
public final class EffectiveConfig {
    private static final String NONE = "none";
    private static final String SECRET = "***";

    private final Map<String, Object> keys = new LinkedHashMap<>();

    private EffectiveConfig() {}

    /** Keys as in the file; the values are maps, lists, strings, numbers, truths or null. */
    public static Map<String, Object> of(ProxyConfig config) {
        TimeoutConfig timeouts = config.timeouts();
        LimitConfig limits = config.nat().limits();
        AccessConfig access = config.access();
        return new EffectiveConfig()
                .put("profile", config.profile())
                .put("transport", Leaves.word(config.transport()))
                .put(
                        "listeners",
                        config.listeners().stream()
                                .map(EffectiveConfig::listener)
                                .toList())
                .put(
                        "subscriber",
                        new EffectiveConfig()
                                .put("identity", Leaves.word(config.subscriber().identity()))
                                .put("ipv4-prefix", config.subscriber().ipv4Prefix())
                                .put("ipv6-prefix", config.subscriber().ipv6Prefix())
                                .keys)
                .put(
                        "pools",
                        config.nat().pools().stream()
                                .map(pool -> pool(config, pool))
                                .toList())
                .put(
                        "timeouts",
                        new EffectiveConfig()
                                .put("connect", duration(timeouts.connect()))
                                .put("handshake", duration(timeouts.handshake()))
                                .put("established", duration(timeouts.established()))
                                .put("opening", duration(timeouts.opening()))
                                .put("half-closed", duration(timeouts.halfClosed()))
                                .keys)
                .put(
                        "tcp",
                        new EffectiveConfig()
                                .put("keep-alive", durationOrNone(config.tcp().keepAlive()))
                                .put("user-timeout", durationOrNone(config.tcp().userTimeout()))
                                .keys)
                .put(
                        "limits",
                        new EffectiveConfig()
                                .put(
                                        "sessions",
                                        config.maxSessions().isPresent()
                                                ? config.maxSessions().getAsInt()
                                                : "auto")
                                .put("sessions-per-subscriber", limit(limits.sessionsPerSubscriber()))
                                .put("ports-per-subscriber", limit(limits.portsPerSubscriber()))
                                .put("new-per-second-per-subscriber", limit(limits.newPerSecondPerSubscriber()))
                                .put("sessions-per-destination", limit(limits.sessionsPerDestination()))
                                .put("ports-per-destination", limit(limits.portsPerDestination()))
                                .put("handshakes-per-source", limit(config.handshakesPerSource()))
                                .keys)
                .put("drain-timeout", duration(config.drainTimeout()))
                .put("bypass", prefixes(config.bypass()))
                .put(
                        "acl",
                        new EffectiveConfig()
                                .put("allow-sources", prefixes(access.allowSources()))
                                .put("deny-destinations", prefixes(access.denyDestinations()))
                                .put("allow-destinations", prefixes(access.allowDestinations()))
                                .put("allow-ports", texts(access.allowPorts()))
                                .keys)
                .put(
                        "admin",
                        new EffectiveConfig()
                                .put("bind", config.admin().bind().toString())
                                .putOrNull("token-file", config.admin().tokenFile())
                                .put("read-only", config.admin().readOnly())
                                .keys)
                .put(
                        "metrics",
                        new EffectiveConfig()
                                .putOrNull("bind", config.metrics().bind().map(Object::toString))
                                .put("allow-sources", prefixes(config.metrics().allowSources()))
                                .put("per-address", config.metrics().perAddress())
                                .keys)
                .keys;
    }

    private static Map<String, Object> listener(ListenerConfig listener) {
        EffectiveConfig keys = new EffectiveConfig()
                .put("name", listener.name())
                .put("type", Leaves.word(listener.type()))
                .put("bind", listener.bind().toString());
        listener.target()
                .ifPresent(target -> keys.put(
                        "target",
                        (target.host().indexOf(':') < 0 ? target.host() : "[" + target.host() + "]") + ":"
                                + target.port()));
        keys.put("pool", listener.pool());
        listener.mapping().ifPresent(mapping -> keys.put("mapping", mapping.key()));
        keys.put("client-class", Leaves.word(listener.clientClass()));
        if (!listener.trustedProxies().isEmpty()) {
            keys.put("proxy-protocol", "accept").put("trusted-proxies", prefixes(listener.trustedProxies()));
        }
        if (listener.type() == ListenerConfig.Type.FORWARD) {
            keys.put("send-proxy-protocol", Leaves.word(listener.sendProxyProtocol()));
        }
        listener.users().ifPresent(users -> keys.put("users-file", SECRET));
        return keys.keys;
    }

    private static Map<String, Object> pool(ProxyConfig config, PoolConfig pool) {
        ExhaustionAction action = config.onExhaustion().getOrDefault(pool.name(), ExhaustionAction.REFUSE);
        AlarmConfig alarm = config.metrics().alarm(pool.name());
        EffectiveConfig keys = new EffectiveConfig()
                .put("name", pool.name())
                .put("addresses", texts(pool.addresses()))
                .put("ports", texts(pool.ports()))
                .put("exclude-ports", texts(pool.excludePorts()))
                .put("reuse-scope", pool.reuseScope().key())
                .put("mapping", pool.mapping().behaviour().key())
                .put("mapping-idle", duration(pool.mapping().idle()))
                .put("pooling", Leaves.word(pool.pooling().behaviour()))
                .put("paired-idle", duration(pool.pooling().pairedIdle()))
                .put("paired-overflow", Leaves.word(pool.pooling().overflow()))
                .put("choose-address", Leaves.word(pool.pooling().chooseAddress()))
                .put("port-selection", Leaves.word(pool.selection().selection()))
                .put("prefer", Leaves.word(pool.selection().prefer()))
                .put("blocks", pool.blocks().map(EffectiveConfig::blocks).orElse(NONE))
                .put(
                        "deterministic",
                        pool.deterministic().map(EffectiveConfig::deterministic).orElse(NONE))
                .put("hold-down", holdDown(pool.holdDown()))
                .put("segment-lifetime", duration(pool.segmentLifetime()))
                .put("on-exhaustion", Leaves.word(action));
        if (action == ExhaustionAction.QUEUE) {
            keys.put("queue-timeout", duration(pool.queue().timeout()))
                    .put("queue-limit", pool.queue().limit());
        }
        return keys.put("windows-events", config.windowsEvents().contains(pool.name()))
                .put(
                        "alarm",
                        new EffectiveConfig()
                                .put("raise", alarm.raise())
                                .put("clear", alarm.clear())
                                .put("interval", duration(alarm.interval()))
                                .keys)
                .keys;
    }

    private static Object blocks(PortBlockConfig blocks) {
        return new EffectiveConfig()
                .put("size", blocks.size())
                .put("max-per-subscriber", blocks.maxPerSubscriber())
                .put("grow", Leaves.word(blocks.grow()))
                .keys;
    }

    private static Object deterministic(DeterministicConfig plan) {
        return new EffectiveConfig()
                .put("inside", texts(plan.inside()))
                .put("scheme", Leaves.word(plan.scheme()))
                .put("dynamic-factor", plan.dynamicFactor())
                .put("share", plan.share())
                .keys;
    }

    private static Object holdDown(HoldDownConfig rest) {
        return new EffectiveConfig()
                .put("client-fin", duration(rest.clientFin()))
                .put("server-fin", duration(rest.serverFin()))
                .put("reset", duration(rest.reset()))
                .put("idle", duration(rest.idle()))
                .put("connect-failed", duration(rest.connectFailed()))
                .put("max-held", limit(rest.maxHeld()))
                .keys;
    }

    private EffectiveConfig put(String key, Object value) {
        keys.put(key, value);
        return this;
    }

    @SuppressWarnings("NullAway") // the file's own word for nothing
    private EffectiveConfig putOrNull(String key, Optional<String> value) {
        keys.put(key, value.orElse(null));
        return this;
    }

    /** As {@link Leaves#duration} reads it. */
    static String duration(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(count).append(unit);
        }
    }

    private static String durationOrNone(Optional<Duration> duration) {
        return duration.map(EffectiveConfig::duration).orElse(NONE);
    }

    private static Object limit(int count) {
        return count == LimitConfig.NONE ? NONE : count;
    }

    private static List<String> prefixes(List<IPAddress> prefixes) {
        return prefixes.stream().map(IPAddress::toCanonicalString).toList();
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }
}
