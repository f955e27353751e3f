package dev.cgnat.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The keys that exist, mapping by mapping, in the order in which {@code reference.yaml} explains them. */
enum Section implements Keys {
    ROOT(
            "",
            "profile",
            "transport",
            "listeners",
            "subscriber",
            "pools",
            "timeouts",
            "tcp",
            "limits",
            "drain-timeout",
            "bypass",
            "acl",
            "admin",
            "metrics"),
    LISTENER(
            "listeners[].",
            "name",
            "type",
            "bind",
            "target",
            "pool",
            "mapping",
            "client-class",
            "proxy-protocol",
            "trusted-proxies",
            "send-proxy-protocol",
            "users-file"),
    SUBSCRIBER("subscriber.", "identity", "ipv4-prefix", "ipv6-prefix"),
    POOL("pools[].", Rules.KEYS, "name", "addresses", "exclude"),
    BLOCKS("pools[].blocks.", "size", "max-per-subscriber", "grow"),
    DETERMINISTIC("pools[].deterministic.", "inside", "scheme", "dynamic-factor", "share"),
    HOLD_DOWN("pools[].hold-down.", "fin", "client-fin", "server-fin", "reset", "idle", "connect-failed", "max-held"),
    ALARM("pools[].alarm.", "raise", "clear", "interval"),
    TIMEOUTS("timeouts.", "connect", "handshake", "established", "opening", "half-closed"),
    TCP("tcp.", "keep-alive", "user-timeout"),
    LIMITS(
            "limits.",
            "sessions",
            "sessions-per-subscriber",
            "ports-per-subscriber",
            "new-per-second-per-subscriber",
            "sessions-per-destination",
            "ports-per-destination",
            "handshakes-per-source"),
    ACL("acl.", "allow-sources", "deny-destinations", "allow-destinations", "allow-ports"),
    ADMIN("admin.", "bind", "token-file", "read-only"),
    METRICS("metrics.", "bind", "allow-sources", "per-address"),
    /** The file of a profile, which knows no listeners and no addresses. */
    PROFILE("", "description", "source", "read-on", "confidence", "pool", "timeouts", "limits"),
    PROFILE_POOL("pool.", Rules.KEYS);

    private final String prefix;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    Section(String prefix, String... keys) {
        this.prefix = prefix;
        this.keys = List.of(keys);
    }

    /** Keys of its own, then {@code rules}. */
    Section(String prefix, List<String> rules, String... own) {
        this.prefix = prefix;
        keys = Stream.concat(Stream.of(own), rules.stream()).toList();
    }

    @Override
    public List<String> keys() {
        return keys;
    }

    /** Every key of a configuration file, such as {@code pools[].hold-down.idle}. */
    static List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (Section section : values()) {
            if (section != PROFILE && section != PROFILE_POOL) {
                section.keys.forEach(key -> paths.add(section.prefix + key));
            }
        }
        return paths;
    }

    /** By what rules a pool lends, in a configuration and in a profile. */
    private static final class Rules {
        static final List<String> KEYS = List.of(
                "ports",
                "exclude-ports",
                "reuse-scope",
                "mapping",
                "mapping-idle",
                "pooling",
                "paired-idle",
                "paired-overflow",
                "choose-address",
                "port-selection",
                "prefer",
                "blocks",
                "deterministic",
                "hold-down",
                "segment-lifetime",
                "on-exhaustion",
                "queue-timeout",
                "queue-limit",
                "windows-events",
                "alarm",
                "MaxUserPort",
                "TcpTimedWaitDelay");
    }
}
