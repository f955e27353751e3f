package dev.cgnat.bench.size;

import dev.cgnat.core.config.NatConfig;
import java.util.List;

/** Runs flows through a NAT. The same configuration and seed give the same trial. */
@FunctionalInterface
public interface Trials {
    Trial run(NatConfig config, long seed);

    /** What independent trials of one pool, at least one, tell of its refusals. */
    default RefusalEstimate estimate(List<Trial> trials) {
        return RefusalEstimate.of(trials);
    }
}
