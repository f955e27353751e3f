package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import inet.ipaddr.IPAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A listener that was read, before it is known to go with the rest of the configuration. What is absent here could not
 * be read, or is missing.
 *
 * @param fields where it was read
 * @param name that of the type if the file gives none
 * @param pool empty = the first one
 * @param mapping empty = that of the pool
 * @param clientClass empty = scalable
 * @param users empty = none are needed
 * @param trustedProxies empty = connections do not begin with a PROXY header
 */
record ListenerDraft(
        Fields fields,
        Optional<Located<String>> name,
        Optional<ListenerConfig.Type> type,
        Optional<Located<Endpoint>> bind,
        Optional<Target> target,
        Optional<Located<String>> pool,
        Optional<Located<Mapping>> mapping,
        Optional<Located<ClientClass>> clientClass,
        Optional<Users> users,
        List<IPAddress> trustedProxies,
        ListenerConfig.ProxyHeader sendProxyProtocol) {
    /** Whether connections begin with a PROXY header. */
    private enum ProxyProtocol {
        NONE,
        ACCEPT
    }

    /**
     * The listener of {@code fields}; reports what is missing in it.
     *
     * @param folder what names of files are relative to
     */
    static ListenerDraft read(Fields fields, Path folder) {
        Leaf<ListenerConfig.Type> typeLeaf = Leaves.oneOf(ListenerConfig.Type.class);
        Optional<ListenerConfig.Type> type = fields.read("type", typeLeaf).map(Located::value);
        Optional<Target> target = fields.read("target", Leaves::target).map(Located::value);
        require(
                fields,
                "type",
                Words.or(Stream.of(ListenerConfig.Type.values())
                        .map(Leaves::word)
                        .toList()));
        require(fields, "bind", "address:port");
        if (type.isPresent() && type.get() == ListenerConfig.Type.FORWARD) {
            require(fields, "target", "host:port, where the forward goes");
        } else if (type.isPresent() && fields.has("target")) {
            fields.error(
                    fields.at("target"),
                    "target",
                    "not for type " + Leaves.word(type.get()) + " (expected: with type forward only)");
        }
        if (type.isPresent() && !type.get().canAuthenticate() && hasUsers(fields)) {
            fields.error(
                    fields.at("users-file"),
                    "users-file",
                    "not for type " + Leaves.word(type.get()) + " " + ListenerConfig.NEEDS_A_HANDSHAKE);
        }
        Optional<Located<String>> name = fields.has("name")
                ? fields.read("name", Leaves::text)
                : type.map(known -> new Located<>(Leaves.word(known), fields.at(), Leaves.word(known)));
        return new ListenerDraft(
                fields,
                name,
                type,
                fields.read("bind", Leaves::endpoint),
                target,
                fields.read("pool", Leaves::text),
                fields.read("mapping", Leaves.oneOf(Mapping.class)),
                fields.read("client-class", Leaves.oneOf(ClientClass.class)),
                hasUsers(fields) ? UsersFile.read(fields, "users-file", folder) : Optional.empty(),
                readTrustedProxies(fields, type),
                readSendProxyProtocol(fields, type));
    }

    /** The keys {@code proxy-protocol} and {@code trusted-proxies}, neither of which means anything without the other. */
    private static List<IPAddress> readTrustedProxies(Fields fields, Optional<ListenerConfig.Type> type) {
        Optional<Located<ProxyProtocol>> mode = fields.read("proxy-protocol", Leaves.oneOf(ProxyProtocol.class));
        boolean accepts =
                mode.filter(given -> given.value() == ProxyProtocol.ACCEPT).isPresent();
        List<IPAddress> proxies = fields.readList("trusted-proxies", Leaves::prefix).stream()
                .map(Located::value)
                .toList();
        if (accepts && type.filter(ListenerConfig.Type::isTransparent).isPresent()) {
            fields.error(
                    fields.at("proxy-protocol"),
                    "proxy-protocol",
                    "accept (expected: none with type " + Leaves.word(type.get()) + ")");
        } else if (accepts && !fields.hasValues("trusted-proxies")) {
            fields.error(
                    fields.at("proxy-protocol"),
                    "proxy-protocol",
                    "accept (expected: with trusted-proxies, whose headers are believed)");
        } else if (!accepts
                && fields.hasValues("trusted-proxies")
                && (mode.isPresent() || !fields.has("proxy-protocol"))) {
            fields.error(
                    fields.at("trusted-proxies"),
                    "trusted-proxies",
                    "without effect (expected: with proxy-protocol: accept only)");
        }
        return proxies;
    }

    private static ListenerConfig.ProxyHeader readSendProxyProtocol(Fields fields, Optional<ListenerConfig.Type> type) {
        Optional<Located<ListenerConfig.ProxyHeader>> version =
                fields.read("send-proxy-protocol", Leaves.oneOf(ListenerConfig.ProxyHeader.class));
        version.filter(given -> given.value() != ListenerConfig.ProxyHeader.NONE)
                .filter(given -> type.isPresent() && type.get() != ListenerConfig.Type.FORWARD)
                .ifPresent(given -> fields.error(
                        given.at(), "send-proxy-protocol", given.text() + " (expected: with type forward only)"));
        return version.map(Located::value).orElse(ListenerConfig.ProxyHeader.NONE);
    }

    /** Whether it names users, be they readable or not, and its clients can prove a name. */
    boolean hasUsers() {
        return hasUsers(fields)
                && type.filter(known -> !known.canAuthenticate()).isEmpty();
    }

    /** Whether it names proxies to trust, be they readable or not. */
    boolean hasTrustedProxies() {
        return fields.has("trusted-proxies");
    }

    private static boolean hasUsers(Fields fields) {
        return fields.find("users-file")
                .filter(node -> !(node instanceof ConfigNode.Scalar scalar
                        && scalar.text().equals("none")))
                .isPresent();
    }

    /** The listener; empty if its constructor knows of a mistake, which is then a problem. Only if nothing is absent. */
    Optional<ListenerConfig> toListener(String firstPool) {
        try {
            return Optional.of(new ListenerConfig(
                    name.orElseThrow().value(),
                    type.orElseThrow(),
                    bind.orElseThrow().value(),
                    target,
                    pool.map(Located::value).orElse(firstPool),
                    mapping.map(Located::value),
                    clientClass.map(Located::value).orElse(ClientClass.SCALABLE),
                    users,
                    trustedProxies,
                    sendProxyProtocol));
        } catch (IllegalArgumentException e) {
            fields.refused(e);
            return Optional.empty();
        }
    }

    private static void require(Fields fields, String key, String expected) {
        if (!fields.has(key)) {
            fields.error(fields.at(), key, "missing (expected: " + expected + ")");
        }
    }
}
