package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static dev.cgnat.core.NatFixture.request;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** External addresses that are added, and limits that change, while flows live. */
class NatGrowthTest {
    private static final int PORTS = 8;
    private static final List<AddressRange> ADDED = List.of(new AddressRange(FIRST.plus(4), FIRST.plus(5)));

    static Stream<PoolConfig> growing() {
        PoolConfig paired = pool(1, PORTS).withPooling(Pooling.PAIRED);
        return Stream.of(
                paired,
                pool(2, PORTS).withPooling(Pooling.PAIRED),
                paired.withPooling(paired.pooling().withOverflow(PairedOverflow.SPILL)),
                paired.withReuseScope(ReuseScope.ADDRESS),
                paired.withReuseScope(ReuseScope.REMOTE_HOST),
                paired.withReuseScope(ReuseScope.ADDRESS)
                        .withMapping(new MappingConfig(Mapping.ENDPOINT_INDEPENDENT, Duration.ZERO)),
                paired.withBlocks(new PortBlockConfig(1, 64, BlockGrowth.ONE)),
                pool(1, PORTS).withPooling(choosing(AddressChoice.FILL_FIRST)),
                pool(1, PORTS).withPooling(choosing(AddressChoice.HASH)),
                pool(2, PORTS).withPooling(choosing(AddressChoice.ROUND_ROBIN)));
    }

    @ParameterizedTest
    @MethodSource("growing")
    void everyPortOfTheNewAddressesIsLentOnceAndGivenBack(PoolConfig config) {
        NatFixture fixture = new NatFixture(config);
        List<Binding> flows = new ArrayList<>(fill(fixture));
        assertThat(flows).hasSize(PORTS * config.addressCount());

        fixture.nat.addAddresses("main", ADDED, seconds(2));
        assertThat(fixture.tcp().capacity()).isEqualTo(PORTS * (config.addressCount() + 2));
        List<Binding> later = fill(fixture);
        flows.addAll(later);

        assertThat(flows).hasSize(PORTS * (config.addressCount() + 2));
        assertThat(later)
                .allSatisfy(
                        flow -> assertThat(ADDED.get(0).contains(flow.external().address()))
                                .isTrue());
        Set<Endpoint> externals = new HashSet<>();
        assertThat(flows)
                .allSatisfy(flow -> assertThat(externals.add(flow.external())).isTrue());
        assertThat(fixture.tcp().free()).isZero();

        flows.forEach(flow -> fixture.close(flow, CloseCause.RESET, 2));
        assertThat(fixture.tcp()).isEqualTo(new NatSnapshot.PairCounts(externals.size(), 0, 0, 0));
        assertThat(fixture.snapshot().units()).isZero();
        assertThat(fill(fixture)).hasSameSizeAs(flows);
    }

    @Test
    void flowThatWaitsIsServedFromTheNewAddress() {
        NatFixture fixture = new NatFixture(pool(1, 1)
                .withPooling(choosing(AddressChoice.FILL_FIRST))
                .withQueue(new QueueConfig(Duration.ofSeconds(5), 9)));
        fixture.granted(ALICE, WEB, 0);
        Outcome.Queued queued = (Outcome.Queued) fixture.nat.open(request(BOB, WEB), seconds(1));

        fixture.nat.addAddresses("main", ADDED, seconds(2));

        assertThat(fixture.outcomes(queued))
                .hasOnlyElementsOfType(Granted.class)
                .hasSize(1);
    }

    @Test
    void subscriberKeepsItsAddressThoughOthersAreAdded() {
        NatFixture fixture = new NatFixture(pool(1, PORTS).withPooling(Pooling.PAIRED));
        IpAddress kept = fixture.granted(ALICE, WEB, 0).external().address();
        fixture.nat.addAddresses("main", ADDED, seconds(1));

        assertThat(fixture.granted(ALICE, TLS, 2).external().address()).isEqualTo(kept);
        assertThat(fixture.granted(BOB, WEB, 2).external().address()).isNotEqualTo(kept);
    }

    @Test
    void newAddressCanBeDisabledAndItsPortsReserved() {
        NatFixture fixture = new NatFixture(pool(1, PORTS).withPooling(Pooling.PAIRED));
        fixture.nat.addAddresses("main", ADDED, 0);
        fixture.nat.setAddressState("main", FIRST.plus(4), AddressState.DISABLED, 0);

        assertThat(fixture.tcp().reserved()).isEqualTo(PORTS);
        assertThat(fill(fixture)).hasSize(2 * PORTS);
    }

    @Test
    void poolWhosePortIsDrawnFromAllAddressesCannotGrow() {
        NatFixture fixture = new NatFixture(pool(1, PORTS));

        assertThat(fixture.nat.growthObstacle("main")).isPresent();
        assertThatThrownBy(() -> fixture.nat.addAddresses("main", ADDED, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(fixture.tcp().capacity()).isEqualTo(PORTS);
    }

    @Test
    void addressThatThePoolHasIsRefusedAndNothingChanges() {
        NatFixture fixture = new NatFixture(pool(2, PORTS).withPooling(Pooling.PAIRED));

        assertThatThrownBy(() -> fixture.nat.addAddresses("main", List.of(AddressRange.single(FIRST.plus(1))), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fixture.tcp().capacity()).isEqualTo(2 * PORTS);
    }

    @Test
    void limitsHoldFromTheNextFlowOn() {
        NatFixture fixture = new NatFixture(pool(1, PORTS));
        Binding first = fixture.granted(ALICE, WEB, 0);
        fixture.granted(ALICE, TLS, 0);
        fixture.nat.setLimits(LimitConfig.defaults().withSessionsPerSubscriber(1), seconds(1));

        assertThat(fixture.open(ALICE, WEB, 2)).isEqualTo(refused(Refusal.SESSION_LIMIT));
        fixture.close(first, CloseCause.RESET, 3);
        assertThat(fixture.open(ALICE, WEB, 3)).isEqualTo(refused(Refusal.SESSION_LIMIT));

        fixture.nat.setLimits(LimitConfig.defaults().withNewPerSecondPerSubscriber(2), seconds(4));
        fixture.granted(ALICE, WEB, 4);
        fixture.granted(ALICE, WEB, 4);
        assertThat(((Outcome.Refused) fixture.open(ALICE, WEB, 4)).reason()).isEqualTo(Refusal.RATE_LIMIT);
        fixture.nat.setLimits(LimitConfig.defaults(), seconds(4));
        fixture.granted(ALICE, WEB, 4);
    }

    @Test
    void limitPerDestinationMayMoveButNotBegin() {
        LimitConfig limits = LimitConfig.defaults().withSessionsPerDestination(1);
        NatFixture fixture = new NatFixture(new NatConfig(List.of(pool(1, PORTS).withPooling(Pooling.PAIRED)), limits));
        fixture.granted(ALICE, WEB, 0);
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.DESTINATION_LIMIT));
        fixture.nat.setLimits(limits.withSessionsPerDestination(2), 0);
        fixture.granted(ALICE, WEB, 0);
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.DESTINATION_LIMIT));

        assertThatThrownBy(() -> fixture.nat.setLimits(LimitConfig.defaults(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sessions-per-destination: none (expected: a number");
        assertThatThrownBy(() -> fixture.nat.setLimits(limits.withPortsPerDestination(2), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** One flow each of ever new subscribers, until twenty in a row are refused. */
    private static List<Binding> fill(NatFixture fixture) {
        List<Binding> flows = new ArrayList<>();
        int refused = 0;
        for (int i = 0; refused < 20; i++) {
            Subscriber subscriber = new Subscriber("s" + new Random(i).nextInt() + "-" + i);
            Outcome outcome = fixture.nat.open(
                    new FlowRequest("main", subscriber, new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 40_000 + i), WEB),
                    seconds(2));
            if (outcome instanceof Granted granted) {
                flows.add(granted.binding());
                refused = 0;
            } else {
                refused++;
            }
        }
        return flows;
    }

    private static PoolingConfig choosing(AddressChoice choice) {
        PoolingConfig defaults = PoolingConfig.defaults();
        return new PoolingConfig(Pooling.ARBITRARY, defaults.pairedIdle(), defaults.overflow(), choice);
    }
}
