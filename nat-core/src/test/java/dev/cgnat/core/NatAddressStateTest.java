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
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** External addresses that are disabled and enabled again, and single endpoints that are reserved; the model has all cases. */
class NatAddressStateTest {
    private static final IpAddress SECOND = FIRST.plus(1);

    @Test
    void disabledAddressGetsNoFlowAndItsFreePortsCountAsReserved() {
        NatFixture fixture = new NatFixture(pool(2, 3));
        List<Binding> before = fixture.fill(ALICE, WEB);
        assertThat(before).hasSize(6);
        set(fixture, FIRST, AddressState.DISABLED);
        assertThat(fixture.tcp()).isEqualTo(new NatSnapshot.PairCounts(6, 6, 0, 0));
        before.forEach(flow -> fixture.close(flow, CloseCause.CLIENT_FIN, 1));

        assertThat(fixture.tcp()).isEqualTo(new NatSnapshot.PairCounts(6, 0, 0, 3));
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.granted(ALICE, WEB, 2).external().address()).isEqualTo(SECOND);
        }
        assertThat(fixture.open(ALICE, WEB, 2)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.tcp()).isEqualTo(new NatSnapshot.PairCounts(6, 3, 0, 3));
        assertThat(fixture.snapshot().disabledAddresses()).isOne();

        set(fixture, FIRST, AddressState.ACTIVE);
        assertThat(fixture.granted(ALICE, WEB, 3).external().address()).isEqualTo(FIRST);
        assertThat(fixture.snapshot().disabledAddresses()).isZero();
    }

    @Test
    void withoutAnyAddressTheRefusalSaysSo() {
        NatFixture fixture = new NatFixture(pool(1, 3));
        set(fixture, FIRST, AddressState.DISABLED);
        Refused refused = (Refused) fixture.nat.open(request(ALICE, WEB), seconds(1));
        assertThat(refused.reason()).isEqualTo(Refusal.EXHAUSTED);
        assertThat(refused.why().text())
                .isEqualTo("would be granted with an external address that is not disabled (address_disabled)");
    }

    @Test
    void subscriberOfADisabledAddressIsGivenAnotherThoughItHasFlowsThere() {
        NatFixture fixture = new NatFixture(pool(2, 3).withPooling(Pooling.PAIRED));
        Binding old = fixture.granted(ALICE, WEB, 0);
        IpAddress kept = old.external().address();
        IpAddress other = kept.equals(FIRST) ? SECOND : FIRST;
        set(fixture, kept, AddressState.DISABLED);
        assertThat(fixture.nat.pairedAddress("main", ALICE)).isEmpty();

        assertThat(fixture.granted(ALICE, WEB, 1).external().address()).isEqualTo(other);
        set(fixture, kept, AddressState.ACTIVE);
        assertThat(fixture.granted(ALICE, WEB, 2).external().address()).isEqualTo(other);
        assertThat(fixture.nat.pairedAddress("main", ALICE)).contains(other);
        fixture.close(old, CloseCause.CLIENT_FIN, 3);
    }

    @Test
    void mappingOnADisabledAddressTakesNoMoreFlows() {
        NatFixture fixture = new NatFixture(pool(2, 3)
                .withReuseScope(ReuseScope.ADDRESS)
                .withMapping(new MappingConfig(Mapping.ENDPOINT_INDEPENDENT, Duration.ofMinutes(2))));
        Binding old = fixture.granted(ALICE, WEB, 0);
        set(fixture, old.external().address(), AddressState.DISABLED);
        Binding next = fixture.granted(ALICE, TLS, 1);
        assertThat(next.external().address()).isNotEqualTo(old.external().address());
        set(fixture, old.external().address(), AddressState.ACTIVE);
        assertThat(fixture.snapshot().mappings()).isEqualTo(2);
        fixture.close(old, CloseCause.CLIENT_FIN, 2);
        fixture.nat.expire(seconds(200), 10);
        assertThat(fixture.snapshot().mappings()).isOne();
    }

    @Test
    void whoWaitsIsServedFromAnAddressThatComesBack() {
        NatFixture fixture = new NatFixture(pool(2, 1).withQueue(new QueueConfig(Duration.ofMinutes(1), 5)));
        set(fixture, SECOND, AddressState.DISABLED);
        fixture.granted(BOB, WEB, 1);
        Queued queued = (Queued) fixture.nat.open(request(ALICE, WEB), seconds(2));
        set(fixture, SECOND, AddressState.ACTIVE, 3);
        assertThat(fixture.outcomes(queued))
                .hasSize(1)
                .allMatch(outcome -> outcome instanceof Granted granted
                        && granted.binding().external().address().equals(SECOND));
    }

    /** Units are forgotten although a draw has met barred ports in them. */
    @Test
    void unitsOfADisabledAddressLeaveNothingBehind() {
        NatFixture fixture = new NatFixture(pool(4, 2));
        set(fixture, FIRST, AddressState.DISABLED);
        for (int i = 0; i < 1_000; i++) {
            Endpoint destination = new Endpoint(NatFixture.REMOTE.plus(i), 80);
            fixture.close(fixture.granted(ALICE, destination, 1), CloseCause.CLIENT_FIN, 1);
        }
        assertThat(fixture.snapshot().units()).isZero();
    }

    @Test
    void reservedEndpointIsLentToNobody() {
        NatFixture fixture = new NatFixture(pool(1, 3));
        Endpoint endpoint = new Endpoint(FIRST, 5_001);
        assertThat(fixture.nat.reserve("main", Protocol.TCP, endpoint, 0)).isTrue();
        assertThat(fixture.tcp()).isEqualTo(new NatSnapshot.PairCounts(3, 0, 0, 1));
        assertThat(fixture.fill(ALICE, WEB))
                .extracting(Binding::external)
                .hasSize(2)
                .doesNotContain(endpoint);
        assertThat(fixture.fill(ALICE, TLS))
                .extracting(Binding::external)
                .hasSize(2)
                .doesNotContain(endpoint);
        assertThat(fixture.nat.reserve("main", Protocol.TCP, endpoint, 0)).isTrue();
        assertThat(fixture.nat.reserve("main", Protocol.TCP, new Endpoint(FIRST, 5_000), 0))
                .isFalse();
        assertThat(fixture.nat.reserve("main", Protocol.TCP, new Endpoint(FIRST, 6_000), 0))
                .isTrue();
        assertThat(fixture.tcp()).isEqualTo(new NatSnapshot.PairCounts(3, 2, 0, 1));
    }

    @Test
    void reservedEndpointThatAnOwnerHasSetAsideIsTakenFromOwnersOnce() {
        NatFixture fixture = new NatFixture(pool(1, 2).withReuseScope(ReuseScope.REMOTE_HOST));
        FlowRequest alice = request(ALICE, WEB).withMapping(Mapping.ENDPOINT_INDEPENDENT);
        Binding foreign = ((Granted) fixture.nat.open(alice, 0)).binding();
        fixture.nat.setAsidePair(foreign, 0);

        assertThat(fixture.nat.reserve("main", Protocol.TCP, foreign.external(), 0))
                .isTrue();
        Outcome other = fixture.nat.open(request(BOB, WEB).withMapping(Mapping.ENDPOINT_INDEPENDENT), 0);
        assertThat(other).isInstanceOf(Granted.class);
        fixture.nat.expire(seconds(61), 10);
        assertThat(fixture.nat.open(alice, seconds(61))).isInstanceOf(Refused.class);
    }

    @Test
    void addressOfNoPoolIsTheCallersMistake() {
        NatFixture fixture = new NatFixture(pool(1, 3));
        assertThatThrownBy(() -> set(fixture, SECOND, AddressState.DISABLED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address: 127.0.1.2 (expected: ");
        assertThat(fixture.nat.pairedAddress("main", ALICE)).isEqualTo(Optional.empty());
    }

    private static void set(NatFixture fixture, IpAddress address, AddressState state) {
        double latest = fixture.events.isEmpty()
                ? 0
                : fixture.events.get(fixture.events.size() - 1).atNanos() / 1e9;
        set(fixture, address, state, latest);
    }

    private static void set(NatFixture fixture, IpAddress address, AddressState state, double seconds) {
        fixture.nat.setAddressState("main", address, state, seconds(seconds));
    }
}
