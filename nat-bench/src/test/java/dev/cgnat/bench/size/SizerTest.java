package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against networks whose refusals follow a formula; those of the simulator are in {@code SizingTest}. */
final class SizerTest {
    private static final double TARGET = 1e-3;
    private static final long OFFERED = 1_000_000;
    private static final PoolConfig POOL = PoolConfig.defaults(
                    "main", List.of(AddressRange.single(IpAddress.ofIpv4(203, 0, 113, 1))))
            .withPorts(new PortRange(1024, 1024 + 6_399)); // 64 steps of 100

    private final List<String> tried = new ArrayList<>();

    private Proposal size(
            AllocationPolicy policy, OfferedLoad load, String reason, ToDoubleFunction<PoolConfig> refusal) {
        Trials trials = (config, seed) -> trial(config, reason, refusal);
        return new Sizer(trials, new Sizer.Goal(TARGET, 3, 1), tried::add)
                .size(policy, POOL, LimitConfig.defaults(), Clientele.of(100, load, TARGET));
    }

    private static Trial trial(NatConfig config, String reason, ToDoubleFunction<PoolConfig> refusal) {
        SortedMap<String, Long> refused = new TreeMap<>();
        long count = Math.round(OFFERED * refusal.applyAsDouble(config.pools().get(0)));
        if (count > 0) {
            refused.put(reason, count);
        }
        return new Trial(OFFERED, refused, 1, 1, "192.0.2.1:443", new LogVolume(1_000, 10));
    }

    private static OfferedLoad load(double erlangs) {
        return new OfferedLoad(1, erlangs, 0, new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 443), 1);
    }

    /** What does not fit is refused. */
    private static double shortage(PoolConfig pool, long needed) {
        return Math.max(0, 1 - (double) pairs(pool) / needed);
    }

    private static long pairs(PoolConfig pool) {
        return (long) pool.addressCount() * pool.usablePorts();
    }

    @ParameterizedTest
    @ValueSource(doubles = {20, 950, 6_000, 20_000, 500_000})
    void theSmallestPoolIsFoundWhereTheFormulaHolds(double erlangs) {
        Proposal found = size(
                AllocationPolicy.ARBITRARY,
                load(erlangs),
                "exhausted",
                pool -> ErlangB.blocking(erlangs, (int) pairs(pool)));
        assertThat(found.found()).isTrue();
        assertThat(ErlangB.blocking(erlangs, (int) found.pairs())).isLessThanOrEqualTo(TARGET);
        int step = found.addresses() == 1 ? 100 : POOL.usablePorts();
        assertThat(ErlangB.blocking(erlangs, (int) found.pairs() - step)).isGreaterThan(TARGET);
    }

    /** Arithmetic knows nothing of pairing or blocks, and may be far off either way. */
    @ParameterizedTest
    @ValueSource(longs = {100, 6_400, 12_800, 64_000, 640_000})
    void aGuessThatIsWrongCostsTriesAlone(long needed) {
        Proposal found =
                size(AllocationPolicy.PAIRED, load(6_000), "paired_address_full", pool -> shortage(pool, needed));
        assertThat(found.pairs()).isEqualTo(needed);
        assertThat(tried).hasSizeLessThan(40);
        assertThat(found.smaller().isPresent()).isEqualTo(needed > 100);
    }

    @Test
    void whatNoPoolCuresIsSaidSoon() {
        Proposal found = size(AllocationPolicy.PAIRED, load(1_000), "session_limit", pool -> 0.5);
        assertThat(found.found()).isFalse();
        assertThat(found.binding()).contains("a limit of the subscriber", "no address cures it");
        assertThat(tried).hasSizeLessThan(6);
    }

    @Test
    void aGreatShortageIsNoReasonToGiveUp() {
        Proposal found = size(
                AllocationPolicy.ENDPOINT_INDEPENDENT,
                load(100),
                "held",
                pool -> shortage(pool, 1_000_000)); // twice the pool grants twice as much
        assertThat(found.found()).isTrue();
        assertThat(found.addresses()).isEqualTo(157);
    }

    @Test
    void blocksAreAsManyAsSubscribersNeedAndTheFewestPortsWin() {
        Proposal found = size(AllocationPolicy.BLOCKS, load(100), "block_limit", pool -> {
            int most = pool.blocks().orElseThrow().size()
                    * pool.blocks().orElseThrow().maxPerSubscriber();
            return most < 300 ? 0.5 : shortage(pool, 12L * most);
        });
        assertThat(found.found()).isTrue();
        assertThat(found.pool().blocks().orElseThrow().size()).isEqualTo(128);
        assertThat(found.pool().blocks().orElseThrow().maxPerSubscriber()).isEqualTo(3);
    }

    @Test
    void everyKnobIsTriedOnceAndLegal() {
        Proposal found = size(AllocationPolicy.ARBITRARY, load(950), "exhausted", pool -> shortage(pool, 1_000));
        Trials halved = (config, seed) ->
                trial(config, "held", pool -> pool.holdDown().clientFin().isZero() ? 0 : 0.1);
        Proposal explored =
                new Sizer(halved, new Sizer.Goal(TARGET, 3, 1), tried::add).explored(found, LimitConfig.defaults());
        assertThat(explored.sensitivities())
                .extracting(tried -> tried.knob() + " " + tried.value())
                .containsExactly(
                        "addresses 2", "hold-down none", "hold-down half", "hold-down twice", "pooling paired");
        assertThat(explored.sensitivities().get(1).refusal().mean()).isZero();
        assertThat(explored.sensitivities().get(2).refusal().mean()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void aGoalThatNobodyCanShowIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sizer.Goal(0, 3, 1))
                .withMessageContaining("target-refusal: 0.0 (expected: more than 0, less than 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sizer.Goal(0.1, 1, 1))
                .withMessageContaining("runs: 1 (expected: at least 2)");
    }
}
