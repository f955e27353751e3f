package dev.cgnat.proxy.egress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.DestinationRules;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import java.util.List;
import java.util.Optional;

/**
 * Decides where a flow may go, and which way.
 *
 * <pre>
 *   denied by a rule ──► Denied
 *   one of our forwards on a pool address ──► Hairpin, and the forward's target is decided on next
 *   another listener of ours, or a port that a pool lends ──► Denied: it would come back to us
 *   bypassed ──► Bypassed       no pool of that family ──► UnsupportedFamily       else ──► Translated
 * </pre>
 *
 * <p>Any thread may call; the configuration that is in force decides. <b>RFC</b>: 4787 REQ-9, 5382 REQ-8, 6888 REQ-6.
 */
public final class Routes {
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    private final LiveConfig config;
    private final OwnListeners listeners;
    private volatile InForce inForce;

    public Routes(LiveConfig config, OwnListeners listeners) {
        this.config = config;
        this.listeners = listeners;
        inForce = InForce.of(config);
    }

    /** What follows from one configuration. */
    private record InForce(long version, DestinationRules rules, List<PoolConfig> pools, List<IPAddress> bypass) {
        static InForce of(LiveConfig live) {
            long version = live.version(); // before the configuration, so that it is never newer
            ProxyConfig config = live.get();
            return new InForce(
                    version, DestinationRules.of(config), config.nat().pools(), config.bypass());
        }
    }

    private InForce inForce() {
        InForce known = inForce;
        if (known.version != config.version()) {
            known = InForce.of(config);
            inForce = known;
        }
        return known;
    }

    /**
     * The way to {@code destination}.
     *
     * @param forwards those of our forwards that led there, the last of them to {@code destination} as its target; empty if a
     *     client named it
     */
    public Route to(Endpoint destination, List<ListenerConfig> forwards) {
        Optional<ListenerConfig> own = listeners.at(destination);
        boolean isOnPool = isOfPool(destination.address());
        Optional<String> denial = inForce()
                .rules()
                .denial(
                        destination,
                        !forwards.isEmpty() || (own.filter(this::isForward).isPresent() && isOnPool));
        if (denial.isPresent()) {
            return new Route.Denied(denial.get());
        }
        if (own.isPresent()) {
            return own.filter(this::isForward).isPresent() && isOnPool && !forwards.contains(own.get())
                    ? new Route.Hairpin(own.get())
                    : new Route.Denied("it is listener " + own.get().name() + " of this proxy");
        }
        if (isOnPool && isLent(destination)) {
            return new Route.Denied("it is a port that this proxy lends");
        }
        if (isBypassed(destination.address())) {
            return new Route.Bypassed(destination);
        }
        return destination.address().isIpv4() ? new Route.Translated(destination) : new Route.UnsupportedFamily();
    }

    private boolean isForward(ListenerConfig listener) {
        return listener.type() == ListenerConfig.Type.FORWARD;
    }

    private boolean isOfPool(IpAddress address) {
        return inForce().pools().stream().anyMatch(pool -> pool.lends(address));
    }

    private boolean isLent(Endpoint destination) {
        return inForce().pools().stream().anyMatch(pool -> pool.lends(destination));
    }

    private boolean isBypassed(IpAddress address) {
        List<IPAddress> bypass = inForce().bypass();
        if (bypass.stream().noneMatch(prefix -> prefix.isIPv4() == address.isIpv4())) {
            return false; // as for every IPv4 destination, by default: nothing to convert
        }
        IPAddress dialled = GENERATOR.from(address.toInetAddress());
        return bypass.stream().anyMatch(prefix -> prefix.contains(dialled));
    }
}
