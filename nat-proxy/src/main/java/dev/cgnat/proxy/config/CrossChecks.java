package dev.cgnat.proxy.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What cannot be seen in one value alone. Only what could be read is compared, so no mistake is told twice. */
final class CrossChecks {
    private final List<PoolDraft> pools;
    private final List<ListenerDraft> listeners;

    CrossChecks(List<PoolDraft> pools, List<ListenerDraft> listeners) {
        this.pools = pools;
        this.listeners = listeners;
    }

    /** Every pool has a name of its own, and no port of an address is lent by two of them. */
    void pools() {
        for (int i = 0; i < pools.size(); i++) {
            PoolDraft pool = pools.get(i);
            Fields fields = pool.fields();
            for (int j = 0; j < i; j++) {
                PoolDraft earlier = pools.get(j);
                if (pool.name().equals(earlier.name())) {
                    fields.error(
                            fields.at("name"),
                            "name",
                            pool.name() + " (expected: a name that "
                                    + earlier.fields().path() + " does not have)");
                }
                List<AddressRange> common = pool.rangesInCommon(earlier);
                if (!common.isEmpty()) {
                    String expected =
                            " (expected: no address that " + earlier.fields().path() + " lends with the same ports)";
                    fields.error(fields.at("addresses"), "addresses", common + expected);
                }
            }
        }
    }

    /** Every listener has a name of its own and a pool that exists, and says who may use it if others can reach it. */
    void listeners(boolean sourcesAreRestricted) {
        Map<String, Fields> names = new HashMap<>();
        List<String> poolNames = pools.stream().map(PoolDraft::name).toList();
        String someName = poolNames.size() == 1 ? poolNames.get(0) : "one of " + Words.or(poolNames);
        for (ListenerDraft listener : listeners) {
            Fields fields = listener.fields();
            listener.name().ifPresent(name -> {
                Fields earlier = names.putIfAbsent(name.value(), fields);
                if (earlier != null) {
                    String expected = " (expected: a name that " + earlier.path() + " does not have)";
                    fields.error(name.at(), "name", name.text() + expected);
                }
            });
            listener.pool().ifPresent(pool -> {
                if (!poolNames.isEmpty() && !poolNames.contains(pool.value())) {
                    fields.error(pool.at(), "pool", pool.text() + " (expected: " + someName + ")");
                }
            });
            checkPool(listener);
            listener.bind().ifPresent(bind -> {
                boolean isLoopback = listener.type()
                        .map(type -> ListenerConfig.isLoopback(type, bind.value()))
                        .orElse(true); // unknown types are reported already
                if (!sourcesAreRestricted && !listener.hasUsers() && !isLoopback) {
                    fields.error(
                            bind.at(),
                            "bind",
                            bind.text() + " " + listener.type().get().neededRule());
                }
                warnOfLentPort(fields, bind);
            });
        }
    }

    /** Every listener is of a type that the transport can serve. */
    void transport(TransportKind transport) {
        for (ListenerDraft listener : listeners) {
            if (transport == TransportKind.NIO
                    && listener.type()
                            .filter(ListenerConfig.Type::isTransparent)
                            .isPresent()) {
                Fields fields = listener.fields();
                String word = Leaves.word(listener.type().get());
                fields.error(
                        fields.at("type"),
                        "type",
                        word + " (expected: transport auto, epoll or io-uring, as nio cannot serve it)");
            }
        }
    }

    /** Its flows are of a kind that its pool can serve. */
    private void checkPool(ListenerDraft listener) {
        Fields fields = listener.fields();
        Optional<PoolConfig> found = pools.stream()
                .filter(pool -> listener.pool()
                        .map(Located::value)
                        .orElse(pools.get(0).name())
                        .equals(pool.name()))
                .findFirst()
                .flatMap(PoolDraft::pool);
        if (found.isEmpty()) {
            return; // there is none, or it has mistakes of its own
        }
        PoolConfig pool = found.get();
        listener.mapping().filter(mapping -> !pool.allows(mapping.value())).ifPresent(mapping -> {
            List<String> allowed = Stream.of(Mapping.values())
                    .filter(pool::allows)
                    .map(Mapping::key)
                    .toList();
            fields.error(
                    mapping.at(),
                    "mapping",
                    mapping.text() + " (expected: " + Words.or(allowed) + " with the reuse-scope "
                            + pool.reuseScope().key() + " of pool " + pool.name() + ")");
        });
        boolean sharesMappings = listener.mapping()
                .filter(mapping -> mapping.value() != Mapping.ADDRESS_AND_PORT_DEPENDENT)
                .isPresent();
        listener.clientClass()
                .filter(kind -> kind.value() == ClientClass.LEGACY && (sharesMappings || !pool.allowsLegacy()))
                .ifPresent(kind -> fields.error(
                        kind.at(),
                        "client-class",
                        kind.text() + " (expected: scalable, or a pool of reuse-scope address, each address by itself,"
                                + " without mappings, blocks or deterministic)"));
    }

    /** What tells subscribers apart is known of some client. */
    void identity(Fields subscriber, SubscriberConfig.Identity identity) {
        Optional<String> missing = switch (identity) {
            case SOURCE_ADDRESS -> Optional.empty();
            case SOCKS_USER -> missing(ListenerDraft::hasUsers, ProxyConfig.NEEDS_USERS);
            case PROXY_HEADER -> missing(ListenerDraft::hasTrustedProxies, ProxyConfig.NEEDS_TRUSTED_PROXIES);
        };
        missing.ifPresent(expected ->
                subscriber.error(subscriber.at("identity"), "identity", Leaves.word(identity) + " " + expected));
    }

    /** {@code expected} if no listener is so. */
    private Optional<String> missing(Predicate<ListenerDraft> isSo, String expected) {
        return listeners.stream().anyMatch(isSo) ? Optional.empty() : Optional.of(expected);
    }

    /** No two sockets listen on one address and port. */
    void binds(Fields admin, Endpoint adminBind, Fields metrics, Optional<Endpoint> metricsBind) {
        List<Bind> binds = new ArrayList<>();
        listeners.forEach(listener ->
                listener.bind().ifPresent(bind -> binds.add(new Bind(listener.fields(), bind.value()))));
        binds.add(new Bind(admin, adminBind));
        metricsBind.ifPresent(bind -> binds.add(new Bind(metrics, bind)));
        for (int i = 0; i < binds.size(); i++) {
            Bind bind = binds.get(i);
            binds.subList(0, i).stream()
                    .filter(bind::clashesWith)
                    .findFirst()
                    .ifPresent(earlier -> bind.fields.error(
                            bind.fields.at("bind"),
                            "bind",
                            bind.endpoint + " (expected: another port than that of " + earlier.fields.path("bind")
                                    + ")"));
        }
    }

    /** Every address can be bound on this machine, as far as one can tell without binding it. */
    void addresses(Predicate<InetAddress> isLocal) {
        for (PoolDraft pool : pools) {
            if (pool.pool().isPresent()) { // so there are at most 65,536 addresses
                pool.addresses().forEach(range -> warnOfForeignAddresses(pool, range, isLocal));
            }
        }
    }

    private static void warnOfForeignAddresses(
            PoolDraft pool, Located<AddressRange> range, Predicate<InetAddress> isLocal) {
        long foreign = range.value()
                .addresses()
                .filter(pool::lends)
                .filter(address -> !isLocal.test(address.toInetAddress()))
                .count();
        if (foreign > 0) {
            int size = range.value().size();
            String subject = foreign == size
                    ? range.text() + " is"
                    : foreign + " of the " + size + " addresses of " + range.text() + (foreign == 1 ? " is" : " are");
            pool.fields().warning(range.at(), "addresses", subject + " on no local interface");
        }
    }

    /** A pool socket and a listening one cannot share a port. */
    private void warnOfLentPort(Fields fields, Located<Endpoint> bind) {
        Endpoint endpoint = bind.value();
        boolean everywhere = endpoint.address().isUnspecified();
        for (PoolDraft pool : pools) {
            boolean onPoolAddress = everywhere || pool.lends(endpoint.address());
            if (onPoolAddress && pool.lendsPort(endpoint.port())) {
                String message = " takes port " + endpoint.port() + " out of pool " + pool.name();
                fields.warning(bind.at(), "bind", bind.text() + message);
            }
        }
    }

    /** A socket that will listen, and where that is written. */
    private record Bind(Fields fields, Endpoint endpoint) {
        boolean clashesWith(Bind other) {
            boolean sameAddress = endpoint.address().equals(other.endpoint.address())
                    || endpoint.address().isUnspecified()
                    || other.endpoint.address().isUnspecified();
            return endpoint.port() != 0 && endpoint.port() == other.endpoint.port() && sameAddress;
        }
    }
}
