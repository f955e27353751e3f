package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import inet.ipaddr.IPAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes a configuration of one tree in three steps: read every value over the defaults and the profile, compare what was
 * read, make the records. The first two report all mistakes that they find; the third is reached without any, and what a
 * constructor refuses nevertheless becomes a problem too.
 */
final class ConfigReader {
    private final Problems problems;
    private final Path folder;

    /** @param folder what names of files are relative to */
    ConfigReader(Problems problems, Path folder) {
        this.problems = problems;
        this.folder = folder;
    }

    ProxyConfig read(ConfigNode tree, Predicate<InetAddress> isLocal) throws ConfigException {
        Fields root = Fields.of(tree, "", Section.ROOT, problems);
        PoolRules poolRules = PoolRules.defaults();
        GlobalRules globalRules = GlobalRules.defaults();
        String profile = root.read("profile", ConfigReader::profile, Profiles.NONE);
        if (!profile.equals(Profiles.NONE)) {
            Fields fields = Profiles.read(profile, problems);
            poolRules = poolRules.overriddenBy(fields.section("pool", Section.PROFILE_POOL), problems, profile);
            globalRules = globalRules.overriddenBy(fields);
        }
        globalRules = globalRules.overriddenBy(root);
        TransportKind transport = root.read("transport", Leaves.oneOf(TransportKind.class), TransportKind.AUTO);
        Duration drain = root.read(
                "drain-timeout", guarded(Leaves::duration, ConfigReader::requireDrain), Duration.ofSeconds(30));

        TcpConfig tcp = readTcp(root.section("tcp", Section.TCP), transport);

        List<PoolDraft> pools = readPools(root, poolRules, profile);
        List<ListenerDraft> listeners = root.sections("listeners", Section.LISTENER).stream()
                .map(fields -> ListenerDraft.read(fields, folder))
                .toList();
        Fields subscriberFields = root.section("subscriber", Section.SUBSCRIBER);
        SubscriberConfig subscriber = readSubscriber(subscriberFields);
        Fields acl = root.section("acl", Section.ACL);
        AccessConfig access = new AccessConfig(
                prefixes(acl, "allow-sources"),
                prefixes(acl, "deny-destinations"),
                prefixes(acl, "allow-destinations"),
                values(acl.readList("allow-ports", Leaves::ports)));
        List<IPAddress> bypass = root.has("bypass") ? prefixes(root, "bypass") : ProxyConfig.DEFAULT_BYPASS;
        Fields adminFields = root.section("admin", Section.ADMIN);
        AdminConfig admin = readAdmin(adminFields);
        Fields metricsFields = root.section("metrics", Section.METRICS);
        MetricsConfig metrics = readMetrics(metricsFields);

        CrossChecks checks = new CrossChecks(pools, listeners);
        checks.pools();
        checks.transport(transport);
        checks.listeners(!access.allowSources().isEmpty() || acl.hasValues("allow-sources"));
        checks.identity(subscriberFields, subscriber.identity());
        checks.binds(adminFields, admin.bind(), metricsFields, metrics.bind());
        checks.addresses(isLocal);
        new ForwardChecks(pools, listeners, access).run();
        problems.throwIfErrors();

        NatConfig nat = makeNat(root, pools, globalRules);
        String firstPool = nat.pools().get(0).name();
        List<ListenerConfig> made = listeners.stream()
                .flatMap(draft -> draft.toListener(firstPool).stream())
                .toList();
        problems.throwIfErrors();
        try {
            return new ProxyConfig(
                    profile,
                    transport,
                    made,
                    nat,
                    actions(pools),
                    windowsEvents(pools),
                    subscriber,
                    bypass,
                    globalRules.timeouts(),
                    tcp,
                    globalRules.maxSessions(),
                    globalRules.handshakesPerSource(),
                    drain,
                    access,
                    admin,
                    metrics.withAlarms(pools.stream()
                            .filter(pool -> !pool.rules().alarm().equals(AlarmConfig.defaults()))
                            .collect(Collectors.toMap(
                                    PoolDraft::name, pool -> pool.rules().alarm()))));
        } catch (IllegalArgumentException e) {
            root.refused(e);
            throw new ConfigException(problems.sorted());
        }
    }

    private static TcpConfig readTcp(Fields fields, TransportKind transport) {
        TcpConfig defaults = TcpConfig.defaults();
        TcpConfig tcp = new TcpConfig(
                fields.read(
                        "keep-alive",
                        guarded(Leaves::durationOrNone, time -> new TcpConfig(time, Optional.empty())),
                        defaults.keepAlive()),
                fields.read(
                        "user-timeout",
                        guarded(Leaves::durationOrNone, time -> new TcpConfig(Optional.empty(), time)),
                        defaults.userTimeout()));
        if (transport == TransportKind.NIO && tcp.userTimeout().isPresent()) {
            fields.warning(
                    fields.at("user-timeout"),
                    "user-timeout",
                    "not set by transport nio (expected: another transport)");
        }
        return tcp;
    }

    private List<PoolDraft> readPools(Fields root, PoolRules rules, String profile) {
        List<PoolDraft> drafts = new ArrayList<>();
        List<Fields> sections = root.sections("pools", Section.POOL);
        for (Fields fields : sections) {
            drafts.add(PoolDraft.read(fields, sections.size() == 1, rules, profile, problems));
        }
        return drafts;
    }

    private static SubscriberConfig readSubscriber(Fields fields) {
        SubscriberConfig base = SubscriberConfig.defaults();
        return new SubscriberConfig(
                fields.read("identity", Leaves.oneOf(Identity.class), base.identity()),
                fields.read(
                        "ipv4-prefix", guarded(Leaves::count, SubscriberConfig::requireIpv4Prefix), base.ipv4Prefix()),
                fields.read(
                        "ipv6-prefix", guarded(Leaves::count, SubscriberConfig::requireIpv6Prefix), base.ipv6Prefix()));
    }

    private AdminConfig readAdmin(Fields fields) {
        Optional<Located<String>> file = fields.find("token-file")
                        .filter(node -> node instanceof ConfigNode.Scalar scalar && scalar.isNull())
                        .isPresent()
                ? Optional.empty()
                : fields.read("token-file", Leaves::text);
        Optional<AdminToken> token = file.flatMap(name -> TokenFile.read(fields, name, folder));
        Optional<Located<Endpoint>> bind = fields.read("bind", Leaves::endpoint);
        boolean readOnly = fields.read("read-only", Leaves::truth, false);
        if (bind.isPresent()
                && token.isEmpty()
                && !AdminConfig.isLoopback(bind.get().value())) {
            if (file.isEmpty()) { // a file that could not be read is a mistake of its own
                fields.error(bind.get().at(), "bind", bind.get().text() + " " + AdminConfig.NEEDS_TOKEN);
            }
            return AdminConfig.defaults();
        }
        Endpoint at = bind.map(Located::value).orElse(AdminConfig.defaults().bind());
        return new AdminConfig(at, file.map(Located::value), token, readOnly);
    }

    private static MetricsConfig readMetrics(Fields fields) {
        boolean none = fields.find("bind")
                .filter(node -> node instanceof ConfigNode.Scalar scalar && scalar.isNull())
                .isPresent();
        Optional<Located<Endpoint>> bind = none ? Optional.empty() : fields.read("bind", Leaves::endpoint);
        List<IPAddress> sources = prefixes(fields, "allow-sources");
        boolean perAddress = fields.read(
                "per-address", Leaves::truth, MetricsConfig.defaults().perAddress());
        try {
            return new MetricsConfig(bind.map(Located::value), sources, perAddress, Map.of());
        } catch (IllegalArgumentException e) {
            if (!fields.hasValues("allow-sources")) { // a list that could not be read is a mistake of its own
                fields.error(fields.at("bind"), "bind", bind.orElseThrow().value() + " " + Words.expectation(e));
            }
            return MetricsConfig.defaults();
        }
    }

    private static List<IPAddress> prefixes(Fields fields, String key) {
        return values(fields.readList(key, Leaves::prefix));
    }

    private static <T> List<T> values(List<Located<T>> located) {
        return located.stream().map(Located::value).toList();
    }

    private NatConfig makeNat(Fields root, List<PoolDraft> drafts, GlobalRules rules) throws ConfigException {
        List<PoolConfig> pools =
                drafts.stream().flatMap(draft -> draft.pool().stream()).toList();
        try {
            return new NatConfig(pools, rules.limits());
        } catch (IllegalArgumentException e) {
            root.refused(e);
            throw new ConfigException(problems.sorted());
        }
    }

    private static Map<String, ExhaustionAction> actions(List<PoolDraft> pools) {
        Map<String, ExhaustionAction> actions = new LinkedHashMap<>();
        pools.forEach(pool -> actions.put(pool.name(), pool.rules().exhaustion().action()));
        return actions;
    }

    private static Set<String> windowsEvents(List<PoolDraft> pools) {
        return pools.stream()
                .filter(pool -> pool.rules().windowsEvents())
                .map(PoolDraft::name)
                .collect(Collectors.toSet());
    }

    private static String profile(String text) {
        if (text.equals(Profiles.NONE) || Profiles.NAMES.contains(text)) {
            return text;
        }
        String names = "(expected: " + String.join(", ", Profiles.NAMES) + " or " + Profiles.NONE + ")";
        throw new IllegalArgumentException(names);
    }

    private static void requireDrain(Duration drain) {
        if (drain.compareTo(ProxyConfig.MAX_DRAIN) > 0) {
            throw new IllegalArgumentException("(expected: 0s to 24h)");
        }
    }
}
