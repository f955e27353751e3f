package dev.cgnat.bench.sim;

import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Simulation} does.
 *
 * @param nats side by side, 1 to 64, each with as many addresses as {@code nat} has; subscribers are dealt out in turn
 * @param outer a NAT behind them all; its first pool serves
 * @param until how long, more than 0
 * @param sample distance of the samples, more than 0 and at most a millionth of it fits into {@code until}
 * @param seed of the demand and of what the NATs draw
 */
public record SimulationPlan(
        NatConfig nat,
        int nats,
        Optional<NatConfig> outer,
        Workload workload,
        Duration until,
        Duration sample,
        long seed) {
    /** Most samples of a run. */
    public static final int MOST_SAMPLES = 1_000_000;

    private static final int AUTO_SAMPLES = 1000;
    private static final List<Duration> ROUND = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1));

    public SimulationPlan {
        if (nats < 1 || nats > VirtualNat.MOST_NATS) {
            throw new IllegalArgumentException("nats: " + nats + " (expected: 1 to " + VirtualNat.MOST_NATS + ")");
        }
        if (until.isNegative() || until.isZero()) {
            throw new IllegalArgumentException("until: " + until + " (expected: more than 0s)");
        }
        if (sample.isNegative() || sample.isZero() || until.dividedBy(sample) > MOST_SAMPLES) {
            throw new IllegalArgumentException("sample: " + sample + " (expected: more than 0s, and at most "
                    + MOST_SAMPLES + " in " + until + ")");
        }
        for (Group group : workload.groups()) {
            group.pool().ifPresent(name -> {
                if (nat.pools().stream().noneMatch(pool -> pool.name().equals(name))) {
                    throw new IllegalArgumentException("pool: " + name + " (expected: one of "
                            + nat.pools().stream().map(PoolConfig::name).toList() + ")");
                }
            });
        }
    }

    /** One NAT with samples at a round distance. */
    public static SimulationPlan of(NatConfig nat, Workload workload, Duration until, long seed) {
        return new SimulationPlan(nat, 1, Optional.empty(), workload, until, autoSample(until), seed);
    }

    /** A round distance of samples, at most a thousand of which fit into {@code until} where that is up to 41 days. */
    public static Duration autoSample(Duration until) {
        return ROUND.stream()
                .filter(distance -> until.dividedBy(distance) <= AUTO_SAMPLES)
                .findFirst()
                .orElse(ROUND.get(ROUND.size() - 1));
    }

    public SimulationPlan withNats(int value) {
        return new SimulationPlan(nat, value, outer, workload, until, sample, seed);
    }

    public SimulationPlan withOuter(NatConfig value) {
        return new SimulationPlan(nat, nats, Optional.of(value), workload, until, sample, seed);
    }

    public SimulationPlan withSample(Duration value) {
        return new SimulationPlan(nat, nats, outer, workload, until, value, seed);
    }

    /** The pool that serves {@code group}. */
    PoolConfig poolOf(Group group) {
        return group.pool()
                .flatMap(name -> nat.pools().stream()
                        .filter(pool -> pool.name().equals(name))
                        .findFirst())
                .orElse(nat.pools().get(0));
    }
}
