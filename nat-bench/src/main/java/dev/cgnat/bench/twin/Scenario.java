package dev.cgnat.bench.twin;

import dev.cgnat.bench.sim.SimulationPlan;
import dev.cgnat.bench.workload.Destinations;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ProxyConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who wants what from which NAT, for so long: the same over sockets and in virtual time. It asks for nothing that only one of the
 * two can do.
 *
 * @param workload of TCP flows that their clients or servers end, and that all need translation
 * @param nat what its NAT is made from, for people: a profile's or a file's name
 * @param config with one pool; its listeners do not count
 * @param until how long flows begin, more than 0 and at most {@link #LONGEST}
 * @param sample distance of the samples, at least {@link #SHORTEST_SAMPLE} and at most {@code until}
 * @param seed of the demand and of the ports drawn
 */
public record Scenario(Workload workload, String nat, ProxyConfig config, Duration until, Duration sample, long seed) {
    /** Of real time; a run cannot be hurried, and every decision of it is kept in memory. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    /** What a busy machine can still tell apart. */
    public static final Duration SHORTEST_SAMPLE = Duration.ofMillis(100);

    /** Most destinations of all groups together: each is a socket that listens. */
    public static final int MOST_DESTINATIONS = 256;

    /** Most subscribers of all groups together: each is an address of 127.1.0.0/16. */
    public static final int MOST_SUBSCRIBERS = 65_000;

    private static final Set<CloseCause> ENDS =
            EnumSet.of(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN, CloseCause.RESET);

    public Scenario {
        requireUntil(until);
        requireSample(sample);
        if (sample.compareTo(until) > 0) {
            throw new IllegalArgumentException("sample: " + sample + " (expected: at most " + until + ")");
        }
        for (Group group : workload.groups()) {
            requireProtocols(group);
            requireEnds(group);
            requireBypass(group);
            requireSourcePort(group);
            requirePool(group, config);
        }
        requireSizes(workload);
        requirePool(config);
    }

    static void requireUntil(Duration until) {
        if (until.isZero() || until.isNegative() || until.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("until: " + until + " (expected: more than 0s, at most 10m)");
        }
    }

    static void requireSample(Duration sample) {
        if (sample.compareTo(SHORTEST_SAMPLE) < 0) {
            throw new IllegalArgumentException("sample: " + sample + " (expected: at least 100ms)");
        }
    }

    static void requireProtocols(Group group) {
        if (!group.protocols().weights().keySet().equals(Set.of(Protocol.TCP))) {
            throw new IllegalArgumentException("protocols: "
                    + group.protocols().weights().keySet().stream()
                            .map(Protocol::label)
                            .toList()
                    + " (expected: tcp alone, as sockets carry no other here)");
        }
    }

    static void requireEnds(Group group) {
        if (!ENDS.containsAll(group.ends().weights().keySet())) {
            throw new IllegalArgumentException("ends: "
                    + group.ends().weights().keySet().stream()
                            .map(cause -> cause.label().replace('_', '-'))
                            .toList()
                    + " (expected: client-fin, server-fin and reset, which clients and servers can do)");
        }
    }

    static void requireBypass(Group group) {
        if (group.bypass() > 0) {
            throw new IllegalArgumentException(
                    "bypass: " + group.bypass() + " (expected: 0, as every flow goes through the proxy)");
        }
    }

    static void requireSourcePort(Group group) {
        if (group.sourcePort() != Group.SourcePort.EACH) {
            throw new IllegalArgumentException(
                    "source-port: one (expected: each, as a client's sockets have a port each)");
        }
    }

    static void requirePool(Group group, ProxyConfig config) {
        Optional<String> other = group.pool()
                .filter(name -> !name.equals(config.nat().pools().get(0).name()));
        if (other.isPresent()) {
            throw new IllegalArgumentException("pool: " + other.get() + " (expected: "
                    + config.nat().pools().get(0).name() + ", the only one)");
        }
    }

    static void requireSizes(Workload workload) {
        if (workload.subscribers() > MOST_SUBSCRIBERS) {
            throw new IllegalArgumentException("groups: " + workload.subscribers() + " subscribers (expected: at most "
                    + MOST_SUBSCRIBERS + ", as each has an address of 127.1.0.0/16)");
        }
        int destinations = workload.groups().stream()
                .mapToInt(group -> group.destinations().count())
                .reduce(0, (sum, count) -> Math.min(sum + count, 2 * Destinations.MOST));
        if (destinations > MOST_DESTINATIONS) {
            throw new IllegalArgumentException("groups: " + destinations + " destinations (expected: at most "
                    + MOST_DESTINATIONS + ", as each is a socket that listens)");
        }
    }

    static void requirePool(ProxyConfig config) {
        if (config.nat().pools().size() != 1) {
            throw new IllegalArgumentException(
                    "pools: " + config.nat().pools().size() + " (expected: 1 in a scenario)");
        }
        if (config.nat().pools().get(0).deterministic().isPresent()) {
            throw new IllegalArgumentException("deterministic: in the pool (expected: absent, as the clients' addresses"
                    + " of a plan are not those of the sockets)");
        }
        ExhaustionAction action = config.onExhaustion().values().iterator().next();
        if (action == ExhaustionAction.RESET || action == ExhaustionAction.BLACKHOLE) {
            throw new IllegalArgumentException(
                    "on-exhaustion: " + action + " (expected: refuse or queue, of which the simulated clients know)");
        }
    }

    /** The pool. */
    public PoolConfig pool() {
        return config.nat().pools().get(0);
    }

    /** All destinations of all groups, each once, in the order of their first mention. */
    public List<Endpoint> destinations() {
        Set<Endpoint> all = new LinkedHashSet<>();
        for (Group group : workload.groups()) {
            for (int i = 0; i < group.destinations().count(); i++) {
                all.add(group.destinations().get(i));
            }
        }
        return List.copyOf(all);
    }

    /** The same in virtual time. */
    public SimulationPlan simulation(Duration length) {
        return new SimulationPlan(config.nat(), 1, Optional.empty(), workload, length, sample, seed);
    }
}
