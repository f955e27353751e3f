package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
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
        assertThat(ceiling.slotsToOne()).isEqualTo(toOne);
        assertThat(ceiling.slotsToMany()).isEqualTo(toThree);
        assertThat(ceiling.slotsToManyHosts()).isEqualTo(toThreeHosts);
    }

    @Test
    void aPairedSubscriberHasTheSlotsOfOneAddress() {
        assertThat(of(pool(4).withPooling(Pooling.PAIRED), LimitConfig.defaults(), Duration.ZERO)
                        .slotsPerSubscriber())
                .isEqualTo(100);
        assertThat(of(pool(4).withPooling(Pooling.ARBITRARY), LimitConfig.defaults(), Duration.ZERO)
                        .slotsPerSubscriber())
                .isEqualTo(400);
    }

    @Test
    void limitsOfASubscriberLowerItsCeilingAlone() {
        Ceiling ceiling = of(pool(1), new LimitConfig(5, 20), Duration.ofSeconds(2));
        Ceiling.Rate fin = rate(ceiling, CloseCause.CLIENT_FIN); // hold 2 s + 8 s
        assertThat(fin.perSecond()).hasValue(10);
        assertThat(fin.perSecondPerSubscriber()).hasValue(2); // 20 slots ÷ 10 s
        Ceiling.Rate reset = rate(ceiling, CloseCause.RESET); // hold 2 s
        assertThat(reset.perSecond()).hasValue(50);
        assertThat(reset.perSecondPerSubscriber()).hasValue(2.5); // 5 sessions ÷ 2 s
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
