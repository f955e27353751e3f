package dev.cgnat.bench.size;

import dev.cgnat.core.config.NatConfig;

/** Runs a workload through a NAT. The same configuration and seed give the same trial. */
@FunctionalInterface
public interface Trials {
    Trial run(NatConfig config, long seed);
}
