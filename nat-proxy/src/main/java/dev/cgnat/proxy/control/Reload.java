package dev.cgnat.proxy.control;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigChange;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.diagnose.Sampler;
import dev.cgnat.proxy.egress.AddressSwitch;
import dev.cgnat.proxy.egress.AddressWatch;
import dev.cgnat.proxy.egress.Descriptors;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.egress.PoolAddresses;
import dev.cgnat.proxy.ingress.Handshakes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts another configuration in force while flows live: all of it, or nothing if a part of it needs a restart.
 *
 * <p>Any thread may call; one change at a time. <b>Costs</b>: a socket for each new address, to see that it can be bound; see
 * {@link dev.cgnat.core.Nat#addAddresses}.
 */
public final class Reload {
    private static final Pattern AT_RUN_TIME = Pattern.compile(
            "profile|limits\\..*|timeouts\\..*|acl\\..*|bypass|drain-timeout|pools\\[\\d+]\\.(alarm\\..*|addresses)");

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final LiveConfig live;
    private final NatGate gate;
    private final Egress egress;
    private final AddressSwitch addressSwitch;
    private final AddressWatch watch;
    private final Descriptors descriptors;
    private final Handshakes handshakes;
    private final Sampler sampler;
    /** Where this proxy listens, which must not be lent on new addresses either. */
    private List<Endpoint> listening = List.of();

    public Reload(
            LiveConfig live,
            NatGate gate,
            Egress egress,
            AddressSwitch addressSwitch,
            AddressWatch watch,
            Descriptors descriptors,
            Handshakes handshakes,
            Sampler sampler) {
        this.live = live;
        this.gate = gate;
        this.egress = egress;
        this.addressSwitch = addressSwitch;
        this.watch = watch;
        this.descriptors = descriptors;
        this.handshakes = handshakes;
        this.sampler = sampler;
    }

    /** Takes what is listened on out of what the pools lend, now and on addresses to come. */
    public synchronized void reserve(List<Endpoint> endpoints) {
        listening = Stream.concat(listening.stream(), endpoints.stream()).toList();
        List<PoolConfig> pools = live.get().nat().pools();
        endpoints.forEach(endpoint -> PoolAddresses.reserve(gate, pools, endpoint));
    }

    /**
     * One difference.
     *
     * @param needsRestart why it cannot be put in force now; empty if it can
     */
    public record Step(ConfigChange change, Optional<String> needsRestart) {}

    /** What would have to be done for {@code wanted} to be in force; changes nothing. */
    public synchronized List<Step> plan(ProxyConfig wanted) {
        return ConfigChange.between(live.get(), wanted).stream()
                .map(change -> new Step(change, obstacle(change.path(), wanted)))
                .toList();
    }

    /**
     * Puts {@code wanted} in force.
     *
     * @throws IOException if a new address cannot be bound; nothing has changed then
     * @throws IllegalStateException if {@link #plan} names a step that needs a restart; nothing has changed then
     */
    public synchronized void apply(ProxyConfig wanted) throws IOException {
        if (plan(wanted).stream().anyMatch(step -> step.needsRestart().isPresent())) {
            throw new IllegalStateException("wanted: needs a restart (expected: what can change while flows live)");
        }
        Map<String, List<IpAddress>> added = new LinkedHashMap<>();
        for (PoolConfig pool : wanted.nat().pools()) {
            List<IpAddress> ofPool = newAddresses(pool);
            for (IpAddress address : ofPool) {
                PoolAddresses.requireBindable(pool.name(), address);
            }
            added.put(pool.name(), ofPool);
        }
        added.forEach((pool, addresses) -> {
            if (!addresses.isEmpty()) {
                gate.addAddresses(pool, ranges(addresses));
                LOG.info("pool {}: {} added", pool, ranges(addresses));
            }
        });
        gate.setLimits(wanted.nat().limits());
        descriptors.limitSessions(wanted.maxSessions());
        handshakes.limit(wanted.handshakesPerSource());
        egress.connectTimeout(wanted.timeouts().connect());
        sampler.alarmBy(wanted.metrics());
        live.set(wanted);
        watch.watch(wanted.nat().pools());
        wanted.nat().pools().forEach(this::switchRemoved);
        listening.forEach(endpoint -> PoolAddresses.reserve(gate, wanted.nat().pools(), endpoint));
    }

    private Optional<String> obstacle(String path, ProxyConfig wanted) {
        if (!AT_RUN_TIME.matcher(path).matches()) {
            return Optional.of("not at run time");
        }
        LimitConfig before = live.get().nat().limits();
        LimitConfig after = wanted.nat().limits();
        if (path.equals("limits.sessions-per-destination")
                && isNone(before.sessionsPerDestination()) != isNone(after.sessionsPerDestination())) {
            return Optional.of("destinations are counted from the first flow on or not at all");
        }
        if (path.equals("limits.ports-per-destination")
                && isNone(before.portsPerDestination()) != isNone(after.portsPerDestination())) {
            return Optional.of("destinations are counted from the first flow on or not at all");
        }
        if (path.endsWith(".addresses")) {
            int index = Integer.parseInt(path.substring(path.indexOf('[') + 1, path.indexOf(']')));
            return addressObstacle(wanted.nat().pools().get(index), wanted);
        }
        return Optional.empty();
    }

    private Optional<String> addressObstacle(PoolConfig pool, ProxyConfig wanted) {
        boolean isKnown =
                live.get().nat().pools().stream().anyMatch(known -> known.name().equals(pool.name()));
        if (!isKnown || newAddresses(pool).isEmpty()) {
            return Optional.empty(); // the change of its name says that a restart is needed
        }
        boolean isLegacy = wanted.listeners().stream()
                .anyMatch(listener -> listener.pool().equals(pool.name())
                        && (listener.clientClass() == ClientClass.LEGACY
                                || (pool.allowsLegacy() && listener.mapping().isPresent())));
        return isLegacy ? Optional.of("ports are taken on every address at once") : gate.growthObstacle(pool.name());
    }

    /** Those that the NAT has never lent in that pool. */
    private List<IpAddress> newAddresses(PoolConfig pool) {
        PoolConfig lent = gate.snapshot().pool(pool.name()).config();
        return pool.addresses().stream()
                .flatMap(AddressRange::addresses)
                .filter(address -> !lent.lends(address))
                .toList();
    }

    /** An address that is in the configuration no longer lends nothing; one that is back does. */
    private void switchRemoved(PoolConfig pool) {
        gate.snapshot().pool(pool.name()).config().addresses().stream()
                .flatMap(AddressRange::addresses)
                .forEach(address ->
                        addressSwitch.set(pool.name(), address, AddressSwitch.Reason.REMOVED, !pool.lends(address)));
    }

    private static List<AddressRange> ranges(List<IpAddress> addresses) {
        List<AddressRange> ranges = new ArrayList<>();
        for (IpAddress address : addresses) {
            AddressRange last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last.last().plus(1).equals(address)) {
                ranges.set(ranges.size() - 1, new AddressRange(last.first(), address));
            } else {
                ranges.add(AddressRange.single(address));
            }
        }
        return ranges;
    }

    private static boolean isNone(int limit) {
        return limit == LimitConfig.NONE;
    }
}
