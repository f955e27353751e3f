package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether flows that come in by a forward get anywhere, as far as that can be told without resolving a name. */
final class ForwardChecks {
    private final List<PoolDraft> pools;
    private final List<ListenerDraft> listeners;
    private final DestinationRules rules;

    ForwardChecks(List<PoolDraft> pools, List<ListenerDraft> listeners, AccessConfig access) {
        this.pools = pools;
        this.listeners = listeners;
        rules = new DestinationRules(access, false); // the defaults do not hold for what the operator named
    }

    /** Reports targets that no flow will reach. */
    void run() {
        for (ListenerDraft forward : listeners) {
            literalTarget(forward).ifPresent(target -> check(forward, target));
        }
    }

    private void check(ListenerDraft forward, Endpoint target) {
        Fields fields = forward.fields();
        rules.denial(target, true)
                .ifPresent(rule -> fields.warning(fields.at("target"), "target", target + " is denied by " + rule));
        leadsBack(forward)
                .ifPresent(listener -> fields.error(
                        fields.at("target"),
                        "target",
                        target + " (expected: a service; this one leads back to "
                                + listener.fields().path() + ")"));
    }

    /**
     * The listener of ours at which a flow would come in a second time: on the way from forward to forward the first that
     * was passed already or that chooses no target by itself.
     */
    private Optional<ListenerDraft> leadsBack(ListenerDraft first) {
        List<ListenerDraft> passed = new ArrayList<>();
        ListenerDraft forward = first;
        while (true) {
            passed.add(forward);
            Optional<ListenerDraft> next = literalTarget(forward).flatMap(this::listenerAt);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            if (passed.contains(next.get()) || literalTarget(next.get()).isEmpty()) {
                return next.filter(found -> found.type()
                                .filter(type -> type == ListenerConfig.Type.FORWARD)
                                .isEmpty()
                        || passed.contains(found));
            }
            forward = next.get();
        }
    }

    private Optional<ListenerDraft> listenerAt(Endpoint target) {
        return listeners.stream()
                .filter(listener -> listener.bind()
                        .filter(bind -> hears(bind.value(), target))
                        .isPresent())
                .findFirst();
    }

    private boolean hears(Endpoint bind, Endpoint target) {
        boolean isEverywhere = bind.address().isUnspecified();
        boolean isHere = target.address().toInetAddress().isLoopbackAddress()
                || pools.stream().anyMatch(pool -> pool.lends(target.address()));
        return bind.port() == target.port()
                && (isEverywhere ? isHere : bind.address().equals(target.address()));
    }

    private static Optional<Endpoint> literalTarget(ListenerDraft forward) {
        return forward.target().flatMap(ForwardChecks::literal);
    }

    private static Optional<Endpoint> literal(Target target) {
        IPAddress address = new IPAddressString(target.host()).getAddress();
        return address == null
                ? Optional.empty()
                : Optional.of(new Endpoint(IpAddress.from(address.toInetAddress()), target.port()));
    }
}
