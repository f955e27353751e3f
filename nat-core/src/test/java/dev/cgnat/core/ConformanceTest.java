package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.held;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.random.KeyedRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cases of the black-box conformance list that need virtual time or more ports than a test may open. */
class ConformanceTest {
    private static final int ALL_PORTS = 64_512;

    /** What a chi-square statistic of 1,007 degrees of freedom exceeds with a probability of 0.001. */
    private static final double CHI_SQUARE = 1_151.4;

    @Test
    @Tag("conformance-a09")
    void everyPortOfAnAddressServesOneFlowToADestinationAndNoneMore() {
        NatFixture fixture = new NatFixture(ofAllPorts());
        Set<Endpoint> external = new HashSet<>();
        int refused = 0;
        for (int i = 0; i < ALL_PORTS + 256; i++) {
            if (fixture.nat.open(NatFixture.request(ALICE, WEB), 0) instanceof Granted granted) {
                external.add(granted.binding().external());
            } else {
                refused++;
            }
        }
        assertThat(external).hasSize(ALL_PORTS);
        assertThat(refused).isEqualTo(256);
        assertThat(fixture.snapshot().refused()).containsEntry(Refusal.EXHAUSTED, 256L);
    }

    @Test
    @Tag("conformance-a11")
    void aRestingPortServesAnotherDestinationIfThatIsPartOfTheSlot() {
        HoldDownConfig rest = HoldDownConfig.same(Duration.ofMinutes(2));
        NatFixture fourTuple = new NatFixture(pool(1, 1).withHoldDown(rest));
        NatFixture port = new NatFixture(pool(1, 1).withHoldDown(rest).withReuseScope(ReuseScope.ADDRESS));
        for (NatFixture fixture : List.of(fourTuple, port)) {
            fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 0);
        }
        assertThat(fourTuple.open(BOB, TLS, 1)).isInstanceOf(Granted.class);
        assertThat(port.open(BOB, TLS, 1)).isEqualTo(held(120));
        assertThat(port.open(BOB, TLS, 120)).isInstanceOf(Granted.class);
    }

    @Test
    @Tag("conformance-a19")
    void theInternalPortIsKeptByLuckAlone() {
        Nat nat = keyed();
        int kept = 0;
        for (int i = 0; i < 10_000; i++) {
            Endpoint internal = new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 1_024 + 6 * i);
            Outcome outcome = nat.open(new FlowRequest("main", ALICE, internal, WEB), 0);
            kept += ((Granted) outcome).binding().external().port() == internal.port() ? 1 : 0;
        }
        assertThat(kept).isLessThan(10);
    }

    /** Ports in 1,008 groups of 64. */
    @Test
    @Tag("conformance-a20")
    void portsAreEquallyLikelyAndDoNotFollowFromOneAnother() {
        Nat nat = keyed();
        int draws = 100_000;
        int[] ports = new int[draws];
        int[] drawn = new int[ALL_PORTS / 64];
        for (int i = 0; i < draws; i++) {
            Binding binding = ((Granted) nat.open(NatFixture.request(ALICE, WEB), 0)).binding();
            ports[i] = binding.external().port() - 1_024;
            drawn[ports[i] / 64]++;
            nat.close(binding, CloseCause.RESET, 0);
        }
        double expected = (double) draws / drawn.length;
        double statistic = 0;
        for (int count : drawn) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        assertThat(statistic).isLessThan(CHI_SQUARE);
        assertThat(serialCorrelation(ports)).isCloseTo(0, within(0.02));
    }

    @Test
    @Tag("conformance-b03")
    void aSubscriberThatOpensTooFastGetsItsRateAndHasItAgainAfterARest() {
        NatFixture fixture = limited(LimitConfig.defaults().withNewPerSecondPerSubscriber(50));
        assertThat(grantedOf(500, fixture, 0)).as("what it may open at once").isCloseTo(50 + 50, within(2));
        for (int second = 1; second < 20; second++) {
            assertThat(grantedOf(500, fixture, second)).isCloseTo(50, within(2));
        }
        assertThat(grantedOf(40, fixture, 30)).as("below its rate").isEqualTo(40);
        assertThat(fixture.open(BOB, WEB, 31)).isInstanceOf(Granted.class);
    }

    @Test
    @Tag("conformance-b06")
    @Tag("rfc6888-req11d")
    void whatHasRestedEnoughIsLentAgainAndWhatLivesIsNot() {
        NatFixture fixture = new NatFixture(pool(1, 50).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60))));
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        List<Binding> live = bindings.subList(25, 50);
        bindings.subList(0, 25).forEach(binding -> fixture.close(binding, CloseCause.IDLE, 0));
        assertThat(fixture.open(BOB, WEB, 59)).isEqualTo(held(60));
        for (int i = 0; i < 25; i++) {
            assertThat(live)
                    .extracting(Binding::external)
                    .doesNotContain(fixture.granted(BOB, WEB, 60).external());
        }
        assertThat(fixture.open(BOB, WEB, 60)).isEqualTo(refused(Refusal.EXHAUSTED));
        live.forEach(binding -> fixture.close(binding, CloseCause.RESET, 61)); // throws for what does not live
        assertThat(fixture.snapshot().sessions()).isEqualTo(25);
    }

    /** Of {@code offers} flows spread over the second after {@code seconds}, each closed at once. */
    private static int grantedOf(int offers, NatFixture fixture, int seconds) {
        int granted = 0;
        for (int i = 0; i < offers; i++) {
            double at = seconds + (double) i / offers;
            if (fixture.open(ALICE, WEB, at) instanceof Granted flow) {
                fixture.close(flow.binding(), CloseCause.RESET, at);
                granted++;
            }
        }
        return granted;
    }

    private static double serialCorrelation(int[] values) {
        double mean = 0;
        for (int value : values) {
            mean += (double) value / values.length;
        }
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < values.length; i++) {
            variance += (values[i] - mean) * (values[i] - mean);
            covariance += i == 0 ? 0 : (values[i] - mean) * (values[i - 1] - mean);
        }
        return covariance / variance;
    }

    private static Nat keyed() {
        return new Nat(NatConfig.of(ofAllPorts()), KeyedRandom.seeded(1), event -> {});
    }

    private static PoolConfig ofAllPorts() {
        return PoolConfig.defaults("main", List.of(AddressRange.single(FIRST)))
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
    }

    private static NatFixture limited(LimitConfig limits) {
        return new NatFixture(new NatConfig(List.of(pool(1, 1_000)), limits));
    }
}
