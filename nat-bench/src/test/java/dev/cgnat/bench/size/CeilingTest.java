package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CeilingTest {
    private static final IpAddress FIRST = IpAddress.ofIpv4(127, 0, 1, 1);

    @ParameterizedTest
    @CsvSource({
        "3976, 120, 33.13",
        "3976, 240, 16.57",
        "16384, 120, 136.53",
        "16384, 30, 546.13",
        "28232, 60, 470.53",
        "64510, 30, 2150.33",
        "55000, 60, 916.67",
        "64512, 60, 1075.2",
        "64512, 65, 992.49",
        "64512, 16, 4032",
        "64, 120, 0.533"
    })
    void theCeilingIsSlotsOverHold(int ports, int holdSeconds, double expected) {
        assertThat(Ceiling.rate(ports, Duration.ofSeconds(holdSeconds)).getAsDouble())
                .isCloseTo(expected, within(0.005));
    }

    @ParameterizedTest
    @CsvSource({
        "HOST, 100, 100, 100",
        "ADDRESS, 400, 400, 400",
        "REMOTE_HOST, 400, 400, 1200",
        "FOUR_TUPLE, 400, 1200, 1200"
    })
    void theScopeSaysHowManySlotsThereAre(ReuseScope scope, int toOne, long toThree, long toThreeHosts) {
        Ceiling ceiling = of(pool(4).withReuseScope(scope), LimitConfig.defaults(), Duration.ZERO);
        assertThat(ceiling.capacity().slotsToOne()).isEqualTo(toOne);
        assertThat(ceiling.capacity().slotsToMany(3)).isEqualTo(toThree);
        assertThat(ceiling.capacity().slotsToManyHosts(3)).isEqualTo(toThreeHosts);
    }

    @Test
    void aPairedSubscriberHasTheSlotsOfOneAddress() {
        assertThat(of(pool(4).withPooling(PoolingConfig.defaults()), LimitConfig.defaults(), Duration.ZERO)
                        .capacity()
                        .slotsPerSubscriber())
                .isEqualTo(100);
        assertThat(of(
                                pool(4).withPooling(PoolingConfig.defaults().withBehaviour(Pooling.ARBITRARY)),
                                LimitConfig.defaults(),
                                Duration.ZERO)
                        .capacity()
                        .slotsPerSubscriber())
                .isEqualTo(400);
    }

    @Test
    void limitsOfASubscriberLowerItsCeilingAlone() {
        Ceiling ceiling = of(
                pool(1),
                LimitConfig.defaults().withSessionsPerSubscriber(5).withPortsPerSubscriber(20),
                Duration.ofSeconds(2));
        Ceiling.Rate fin = rate(ceiling, CloseCause.CLIENT_FIN); // hold 2 s + 8 s
        assertThat(fin.perSecond()).hasValue(10);
        assertThat(fin.perSecondPerSubscriber()).hasValue(2); // 20 slots ÷ 10 s
        Ceiling.Rate reset = rate(ceiling, CloseCause.RESET); // hold 2 s
        assertThat(reset.perSecond()).hasValue(50);
        assertThat(reset.perSecondPerSubscriber()).hasValue(2.5); // 5 sessions ÷ 2 s
    }

    @Test
    void blocksLeaveNothingOfWhatFillsNone() {
        PoolConfig blocks = pool(4).withBlocks(new PortBlockConfig(30, 2, BlockGrowth.ONE));
        PoolCapacity capacity = PoolCapacity.of(blocks, LimitConfig.defaults());
        assertThat(capacity.pairs()).isEqualTo(4 * 90);
        assertThat(capacity.slotsPerSubscriber()).isEqualTo(60);
        assertThat(PoolCapacity.of(
                                blocks.withBlocks(new PortBlockConfig(30, 9, BlockGrowth.DOUBLE)),
                                LimitConfig.defaults())
                        .slotsPerSubscriber())
                .isEqualTo(90); // paired: those of one address
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, 0, 0, 8, 100, 25", // C = 4 subscribers per address with 100 ports
        "SEQUENTIAL, 1, 0, 8, 100, 40", // P = 100 / (4 + 1) = 20, and 20 dynamic ports in blocks of 10
        "VPP, 0, 0, 8, 100, 25",
        "JUNIPER, 0, 30, 8, 90, 30" // six of the eight are served, three shares on each address
    })
    void deterministicSharesFollowTheFormula(
            DeterministicScheme scheme, int factor, int share, int inside, int pairsOfAnAddress, int own) {
        AddressRange range = new AddressRange(FIRST.plus(256), FIRST.plus(256L + inside - 1));
        PoolConfig plan = pool(2).withPorts(new PortRange(1000, 1099))
                .withExcludePorts()
                .withDeterministic(new DeterministicConfig(List.of(range), scheme, factor, share));
        PoolConfig pool = factor == 0 ? plan : plan.withBlocks(new PortBlockConfig(10, 8, BlockGrowth.ONE));
        PoolCapacity capacity = PoolCapacity.of(pool, LimitConfig.defaults());
        assertThat(capacity.pairs()).isEqualTo(2 * pairsOfAnAddress);
        assertThat(capacity.slotsPerSubscriber()).isEqualTo(own);
    }

    @Test
    void limitsPerDestinationCountForEachAddress() {
        LimitConfig limits = LimitConfig.defaults().withPortsPerDestination(40).withSessionsPerDestination(30);
        PoolCapacity capacity = PoolCapacity.of(pool(4), limits);
        assertThat(capacity.slotsToOne()).isEqualTo(160);
        assertThat(capacity.liveToOne()).isEqualTo(120);
        assertThat(capacity.slotsToMany(3)).isEqualTo(480);
        assertThat(capacity.slotsPerSubscriber()).isEqualTo(40);
        assertThat(capacity.livePerSubscriber()).isEqualTo(30);
        assertThat(PoolCapacity.of(pool(4).withReuseScope(ReuseScope.HOST), limits)
                        .slotsToOne())
                .isEqualTo(40);
        assertThat(PoolCapacity.of(pool(4).withReuseScope(ReuseScope.ADDRESS), limits)
                        .slotsToMany(3))
                .isEqualTo(400);
    }

    @Test
    void aRateLimitIsTheCeilingOfASubscriber() {
        Ceiling ceiling = of(pool(1), LimitConfig.defaults().withNewPerSecondPerSubscriber(3), Duration.ZERO);
        assertThat(rate(ceiling, CloseCause.CLIENT_FIN).perSecondPerSubscriber())
                .hasValue(3);
        assertThat(rate(ceiling, CloseCause.RESET).perSecondPerSubscriber()).hasValue(3);
    }

    @Test
    void withoutAnyHoldNothingLimits() {
        Ceiling.Rate reset = rate(of(pool(1), LimitConfig.defaults(), Duration.ZERO), CloseCause.RESET);
        assertThat(reset.perSecond()).isEmpty();
        assertThat(reset.perSecondPerSubscriber()).isEmpty();
    }

    private static Ceiling.Rate rate(Ceiling ceiling, CloseCause cause) {
        return ceiling.rates().stream()
                .filter(rate -> rate.cause() == cause)
                .findFirst()
                .orElseThrow();
    }

    private static Ceiling of(PoolConfig pool, LimitConfig limits, Duration lifetime) {
        return Ceiling.of(pool, limits, 3, lifetime);
    }

    /** 100 ports, and a rest of 8 s after a client's FIN, none after a reset. */
    private static PoolConfig pool(int addresses) {
        Duration rest = Duration.ofSeconds(8);
        return PoolConfig.defaults("main", List.of(new AddressRange(FIRST, FIRST.plus(addresses - 1L))))
                .withPorts(new PortRange(1000, 1109))
                .withExcludePorts(new PortRange(1000, 1009))
                .withHoldDown(new HoldDownConfig(rest, rest, Duration.ZERO, rest, rest));
    }
}
