package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.size.AllocationPolicy;
import dev.cgnat.bench.size.Clientele;
import dev.cgnat.bench.size.OfferedLoad;
import dev.cgnat.bench.size.Proposal;
import dev.cgnat.bench.size.RefusalEstimate;
import dev.cgnat.bench.size.Sizer;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is proposed holds in simulations that had no part in it, and one step less does not. */
final class SizingTest {
    private static final double TARGET = 2e-3;
    private static final int FRESH_SEED = 1_000;
    private static final PoolConfig POOL = PoolConfig.defaults(
                    "main", List.of(AddressRange.single(IpAddress.ofIpv4(203, 0, 113, 1))))
            .withPorts(new PortRange(1024, 1024 + 2_047));

    @ParameterizedTest
    @CsvSource({
        "connect-per-request, 1, 20m, ARBITRARY",
        "web-browsing, 100, 30m, ENDPOINT_INDEPENDENT",
        "torrent-swarm, 44, 20m, PAIRED",
        "residential, 100, 24h, BLOCKS",
    })
    void aProposalHoldsWithOtherSeedsAndOneStepLessDoesNot(
            String name, int subscribers, String until, AllocationPolicy policy) throws Exception {
        Workload whole = Workloads.load(name);
        Workload workload = whole.scaled((double) subscribers / whole.subscribers());
        Duration time =
                until.endsWith("h") ? Duration.ofHours(24) : Duration.ofMinutes(Long.parseLong(until.replace("m", "")));
        SimulatedTrials trials = new SimulatedTrials(workload, time);
        Proposal proposal = new Sizer(trials, new Sizer.Goal(TARGET, 4, 1), doing -> {})
                .size(
                        policy,
                        POOL,
                        LimitConfig.defaults(),
                        Clientele.of(workload.subscribers(), OfferedLoad.of(workload, POOL.holdDown()), TARGET));
        assertThat(proposal.found()).as(proposal.binding()).isTrue();
        assertThat(estimate(trials, proposal.pool()).mean()).isLessThanOrEqualTo(TARGET);
        PoolConfig smaller = proposal.smaller().orElseThrow().pool();
        assertThat(estimate(trials, smaller).meets(TARGET)).isFalse();
    }

    private static RefusalEstimate estimate(SimulatedTrials trials, PoolConfig pool) {
        NatConfig config = new NatConfig(List.of(pool), LimitConfig.defaults());
        return RefusalEstimate.of(LongStream.range(FRESH_SEED, FRESH_SEED + 4)
                .mapToObj(seed -> trials.run(config, seed))
                .toList());
    }
}
