package dev.cgnat.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.report.SizeReport;
import dev.cgnat.bench.size.AllocationPolicy;
import dev.cgnat.bench.size.Clientele;
import dev.cgnat.bench.size.Proposal;
import dev.cgnat.bench.size.Sizer;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.SubscriberConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pool for recorded flows is held against replays of them that had no part in its search. */
final class RecordedSizingTest {
    private static final double TARGET = 0.01;
    private static final int FRESH_SEED = 1_000;
    private static final int SUBSCRIBERS = 60;
    private static final int FLOWS = 3_000;
    private static final PoolConfig POOL = PoolConfig.defaults(
                    "main", List.of(AddressRange.single(IpAddress.ofIpv4(203, 0, 113, 1))))
            .withPorts(new PortRange(1024, 1024 + 639)); // 64 steps of 10
    private static final String LOG = log();

    private final LogOptions reading = Logs.options();
    private final RecordedTrials trials = new RecordedTrials(RecordedSizingTest::open);

    /** Ten minutes; each flow lasts a minute on average and rests another; half of them go to one destination. */
    private static String log() {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder lines = new StringBuilder(ZeekSample.HEADER);
        for (int i = 0; i < FLOWS; i++) {
            lines.append(ZeekSample.tsv(
                            String.format(Locale.ROOT, "%.6f", 1_700_000_000 + i * 600.0 / FLOWS),
                            "10.0.0." + (1 + random.nextInt(SUBSCRIBERS)) + ":" + (10_000 + i),
                            "192.0.2." + (random.nextBoolean() ? 1 : 2 + random.nextInt(20)) + ":443",
                            "tcp",
                            String.format(Locale.ROOT, "%.6f", random.nextDouble(120)),
                            "SF",
                            "ShADadFf"))
                    .append('\n');
        }
        return lines.toString();
    }

    private static Replay open(NatConfig nat, long seed) throws IOException {
        return open(nat, seed, Logs.options());
    }

    private static Replay open(NatConfig nat, long seed, LogOptions reading) throws IOException {
        ReplayPlan plan = new ReplayPlan(
                nat,
                nat.pools().get(0),
                EnumSet.of(Protocol.TCP),
                new ReplayPlan.Timers(
                        Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofMinutes(5), Duration.ofMinutes(1)),
                Duration.ofMinutes(1),
                Duration.ZERO,
                seed);
        return Replay.open(
                plan,
                List.of(Logs.source("conn.log", LOG)),
                reading,
                new LogCounts(true, 0, warning -> {}),
                bytes -> {});
    }

    private ReplayReport measured() {
        return new RecordedTrials((nat, seed) -> open(nat, seed, reading)).measured(POOL, 1);
    }

    private Proposal size(AllocationPolicy policy, PoolConfig base) {
        SizeReport.Recorded recorded = SizeReport.Recorded.of(measured());
        Clientele clientele =
                new Clientele(recorded.subscribers(), reading.inside()::ranges, pool -> trials.needed(pool, 1));
        return new Sizer(trials, new Sizer.Goal(TARGET, 3, 1), doing -> {})
                .size(policy, base, LimitConfig.defaults(), clientele);
    }

    /** Of a replay of the whole log by {@code replay}'s own means. */
    private static double refusal(PoolConfig pool, long seed) {
        try {
            ReplayReport report = open(new NatConfig(List.of(pool), LimitConfig.defaults()), seed)
                    .run()
                    .report("fresh", new TreeMap<>(), new TreeMap<>());
            assertThat(report.run().totals().offered()).isEqualTo(FLOWS);
            return (double) report.run().totals().refusedTotal() / FLOWS;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static double meanRefusal(PoolConfig pool) {
        return LongStream.range(FRESH_SEED, FRESH_SEED + 4)
                .mapToDouble(seed -> refusal(pool, seed))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "ARBITRARY, 'ports to the busiest destination, 192.0.2.1:443'",
        "PAIRED, 'ports to the busiest destination, 192.0.2.1:443'",
        "ENDPOINT_INDEPENDENT, ports of all addresses",
        "BLOCKS, ''",
        "DETERMINISTIC, ports of a subscriber's share",
    })
    void theLogFitsIntoTheProposedPoolAndNotIntoOneStepLess(AllocationPolicy policy, String binding) {
        PoolConfig base =
                policy == AllocationPolicy.BLOCKS ? POOL.withBlocks(new PortBlockConfig(10, 4, BlockGrowth.ONE)) : POOL;
        Proposal proposal = size(policy, base);
        assertThat(proposal.found()).as(proposal.binding()).isTrue();
        assertThat(proposal.binding()).startsWith(binding);
        assertThat(meanRefusal(proposal.pool())).isLessThanOrEqualTo(TARGET);
        assertThat(meanRefusal(proposal.smaller().orElseThrow().pool())).isGreaterThan(TARGET);
    }

    @Test
    void whatDoesNotDependOnDrawsHasNoInterval() {
        Proposal proposal = size(AllocationPolicy.ARBITRARY, POOL);
        assertThat(proposal.refusal().low()).isEqualTo(proposal.refusal().high());
        assertThat(proposal.refusal().mean()).isEqualTo(refusal(proposal.pool(), FRESH_SEED));
    }

    @Test
    void theLogIsToldAsItWas() {
        ReplayReport measured = measured();
        SizeReport.Recorded recorded = SizeReport.Recorded.of(measured);
        assertThat(recorded.flows()).isEqualTo(FLOWS);
        assertThat(recorded.subscribers()).isEqualTo(SUBSCRIBERS);
        assertThat(recorded.log().lines()).isEqualTo(FLOWS);
        SizeReport.Offered offered = SizeReport.Offered.of(measured.run());
        assertThat(offered.busiest()).isEqualTo("192.0.2.1:443");
        assertThat(offered.busiestShare()).isBetween(0.45, 0.55);
        assertThat(offered.flowsPerSecond()).isBetween(FLOWS / 720.0 - 0.1, FLOWS / 600.0);
        assertThat(offered.live() + offered.held())
                .isGreaterThanOrEqualTo(trials.needed(POOL.withReuseScope(ReuseScope.ADDRESS), 1));
        assertThat(reading.inside().ranges()).hasToString("[10.0.0.1-10.0.0.60]");
    }

    @Test
    void portsThatNoFlowWouldMissAreOfTheScope() {
        int toOne = trials.needed(POOL, 1);
        int toAll = trials.needed(POOL.withReuseScope(ReuseScope.ADDRESS), 1);
        assertThat(toAll).isGreaterThan(toOne);
        PoolConfig fits = POOL.withPorts(new PortRange(1024, 1024 + toOne - 1)).withPooling(Pooling.ARBITRARY);
        assertThat(refusal(fits, 1)).isZero();
        assertThat(refusal(fits.withPorts(new PortRange(1024, 1024 + toOne - 2)), 1))
                .isPositive();
    }

    @Test
    void rangesFollowTheSubscribersOfEachPrefix() {
        Inside inside = Inside.of(
                List.of("10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32"), SubscriberConfig.defaults(), List.of());
        inside.host(IpAddress.ofIpv4(10, 1, 0, 9));
        inside.host(IpAddress.ofIpv4(10, 1, 0, 2));
        inside.host(IpAddress.ofIpv4(192, 168, 3, 4));
        inside.host(IpAddress.ofIpv4(8, 8, 8, 8));
        assertThat(inside.ranges()).hasToString("[10.1.0.2-10.1.0.9, 192.168.3.4]");
    }
}
