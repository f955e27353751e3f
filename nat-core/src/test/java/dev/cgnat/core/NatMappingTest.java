package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.FAR;
import static dev.cgnat.core.NatFixture.REMOTE;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.held;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NatMappingTest {
    private static final Endpoint PHONE = new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 40_000);
    private static final Endpoint LAPTOP = new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 40_001);

    @Test
    @Tag("rfc4787-req1")
    @Tag("rfc5382-req1")
    @Tag("rfc7857-5")
    @Tag("conformance-a17")
    void flowsOfOneInternalEndpointShareAnExternalOneWhateverTheDestination() {
        NatFixture fixture = new NatFixture(independent(8, Duration.ZERO));
        Endpoint external = granted(fixture, PHONE, WEB, 0).external();
        assertThat(granted(fixture, PHONE, TLS, 0).external()).isEqualTo(external);
        assertThat(granted(fixture, PHONE, FAR, 0).external()).isEqualTo(external);
        assertThat(granted(fixture, LAPTOP, WEB, 0).external()).isNotEqualTo(external);
        assertThat(fixture.tcp().inUse()).isEqualTo(2);
        assertThat(fixture.snapshot().sessions()).isEqualTo(4);
        assertThat(fixture.snapshot().mappings()).isEqualTo(2);
    }

    @Test
    void anAddressDependentMappingServesThePortsOfOneRemoteAddress() {
        NatFixture fixture = new NatFixture(pool(1, 8)
                .withReuseScope(ReuseScope.REMOTE_HOST)
                .withMapping(new MappingConfig(Mapping.ADDRESS_DEPENDENT, Duration.ZERO)));
        granted(fixture, PHONE, WEB, 0);
        assertThat(granted(fixture, PHONE, TLS, 0).external().port())
                .isEqualTo(granted(fixture, PHONE, new Endpoint(REMOTE, 8080), 0)
                        .external()
                        .port());
        assertThat(fixture.snapshot().mappings()).isEqualTo(1);
        granted(fixture, PHONE, FAR, 0);
        assertThat(fixture.snapshot().mappings()).isEqualTo(2);
    }

    @Test
    @Tag("rfc4787-req5")
    void aMappingOutlivesItsLastFlowByItsIdleTime() {
        NatFixture fixture = new NatFixture(independent(1, Duration.ofMinutes(2)));
        Binding first = granted(fixture, PHONE, WEB, 0);
        fixture.close(first, CloseCause.CLIENT_FIN, 10);
        assertThat(fixture.tcp().held()).isEqualTo(1);
        assertThat(open(fixture, LAPTOP, WEB, 129.9)).isEqualTo(held(130));
        Binding second = granted(fixture, PHONE, TLS, 129.9);
        assertThat(second.external()).isEqualTo(first.external());
        fixture.close(second, CloseCause.CLIENT_FIN, 130);
        assertThat(open(fixture, LAPTOP, WEB, 249.9)).isEqualTo(held(250));
        assertThat(open(fixture, LAPTOP, WEB, 250)).isInstanceOf(Granted.class);
    }

    @Test
    @Tag("rfc6888-req8")
    void aMappingEndsNotBeforeTheLastOfItsFlowsHasRested() {
        NatFixture fixture = new NatFixture(independent(1, Duration.ZERO)
                .withHoldDown(new HoldDownConfig(
                        Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, Duration.ZERO)));
        Binding web = granted(fixture, PHONE, WEB, 0);
        Binding tls = granted(fixture, PHONE, TLS, 0);
        fixture.close(web, CloseCause.CLIENT_FIN, 0);
        assertThat(open(fixture, PHONE, WEB, 30)).as("within the mapping").isEqualTo(held(60));
        fixture.close(tls, CloseCause.SERVER_FIN, 30);
        assertThat(open(fixture, LAPTOP, WEB, 30)).isEqualTo(held(60));
        assertThat(open(fixture, LAPTOP, WEB, 60)).isInstanceOf(Granted.class);
    }

    @Test
    void aDestinationCarriesOneFlowAtATimeWithinAMapping() {
        NatFixture fixture = new NatFixture(independent(8, Duration.ZERO));
        Binding first = granted(fixture, PHONE, WEB, 0);
        assertThat(open(fixture, PHONE, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        granted(fixture, PHONE, TLS, 0);
        fixture.close(first, CloseCause.RESET, 1);
        assertThat(granted(fixture, PHONE, WEB, 1).external()).isEqualTo(first.external());
    }

    @Test
    void whoWaitsForADestinationOfAMappingIsServedWhenItsFlowEnds() {
        NatFixture fixture =
                new NatFixture(independent(8, Duration.ZERO).withQueue(new QueueConfig(Duration.ofSeconds(5), 10)));
        Binding first = granted(fixture, PHONE, WEB, 0);
        granted(fixture, PHONE, TLS, 0);
        Outcome.Queued queued = (Outcome.Queued) open(fixture, PHONE, WEB, 0);
        fixture.close(first, CloseCause.RESET, 1);
        assertThat(fixture.outcomes(queued)).singleElement().isInstanceOf(Granted.class);
    }

    @Test
    @Tag("rfc4787-req3")
    @Tag("rfc5382-req7")
    void aMappedPairServesNobodyElseAndAPairInUseIsNotMapped() {
        NatFixture fixture = new NatFixture(pool(1, 4)); // per destination, with endpoint-independent flows beside
        int web = granted(fixture, PHONE, WEB, 0).external().port();
        int mapped = mapped(fixture, LAPTOP, WEB, 0).external().port();
        assertThat(mapped).isNotEqualTo(web);
        for (int i = 0; i < 3; i++) {
            assertThat(granted(fixture, PHONE, TLS, 0).external().port()).isNotEqualTo(mapped);
        }
        assertThat(open(fixture, PHONE, TLS, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.nat.open(independent(new Endpoint(REMOTE, 7), WEB), 0))
                .as("every pair carries a flow to somewhere")
                .isInstanceOf(Outcome.Refused.class);
        assertThat(mapped(fixture, LAPTOP, TLS, 0).external().port()).isEqualTo(mapped);
    }

    @Test
    void aPairThatIsFreeOfEveryDestinationCanBeMapped() {
        NatFixture fixture = new NatFixture(pool(1, 1));
        Binding web = granted(fixture, PHONE, WEB, 0);
        Binding tls = granted(fixture, PHONE, TLS, 0);
        fixture.close(web, CloseCause.RESET, 0);
        assertThat(fixture.nat.open(independent(LAPTOP, WEB), 0)).isInstanceOf(Outcome.Refused.class);
        fixture.close(tls, CloseCause.RESET, 0);
        Binding mapped = mapped(fixture, LAPTOP, WEB, 0);
        assertThat(open(fixture, PHONE, FAR, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        fixture.close(mapped, CloseCause.RESET, 0);
        assertThat(open(fixture, PHONE, FAR, 0)).isInstanceOf(Granted.class);
    }

    @Test
    void aMappingCountsAsOnePortOfItsSubscriber() {
        NatFixture fixture = new NatFixture(new NatConfig(
                List.of(independent(8, Duration.ZERO)), LimitConfig.defaults().withPortsPerSubscriber(1)));
        granted(fixture, PHONE, WEB, 0);
        granted(fixture, PHONE, TLS, 0);
        assertThat(open(fixture, LAPTOP, WEB, 0)).isEqualTo(refused(Refusal.PORT_LIMIT));
    }

    @Test
    void mappingsOfSubscribersWithOverlappingAddressesDiffer() {
        NatFixture fixture = new NatFixture(independent(8, Duration.ZERO));
        assertThat(granted(fixture, PHONE, WEB, 0).external())
                .isNotEqualTo(granted(fixture, BOB, PHONE, TLS, 0).external());
    }

    @Test
    void aMappingThatMeetsAForeignSocketIsGivenUpWithItsFirstFlow() {
        NatFixture fixture = new NatFixture(independent(2, Duration.ofMinutes(2)));
        Binding first = granted(fixture, PHONE, WEB, 0);
        fixture.nat.setAsidePair(first, 0);
        Binding second = granted(fixture, PHONE, WEB, 0);
        assertThat(second.external()).isNotEqualTo(first.external());
        granted(fixture, PHONE, TLS, 0);
        fixture.nat.setAsidePair(second, seconds(1));
        assertThat(open(fixture, PHONE, WEB, 2))
                .as("the mapping stays for the other flow")
                .isEqualTo(held(61));
    }

    @Test
    void aMappingThatTheReuseScopeCannotKeepIsAMistakeOfTheCaller() {
        NatFixture fixture = new NatFixture(pool(1, 4));
        FlowRequest request = NatFixture.request(ALICE, WEB).withMapping(Mapping.ADDRESS_DEPENDENT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.nat.open(request, 0))
                .withMessageContaining("mapping: address-dependent (expected: one that reuse scope four-tuple allows)");
    }

    private static PoolConfig independent(int ports, Duration idle) {
        return pool(1, ports)
                .withReuseScope(ReuseScope.ADDRESS)
                .withMapping(new MappingConfig(Mapping.ENDPOINT_INDEPENDENT, idle));
    }

    private static FlowRequest independent(Endpoint internal, Endpoint destination) {
        return new FlowRequest("main", ALICE, internal, destination).withMapping(Mapping.ENDPOINT_INDEPENDENT);
    }

    private static Outcome open(NatFixture fixture, Endpoint internal, Endpoint destination, double seconds) {
        return NatFixture.plain(
                fixture.nat.open(new FlowRequest("main", ALICE, internal, destination), seconds(seconds)));
    }

    private static Binding granted(NatFixture fixture, Endpoint internal, Endpoint destination, double seconds) {
        return granted(fixture, ALICE, internal, destination, seconds);
    }

    private static Binding granted(
            NatFixture fixture, Subscriber subscriber, Endpoint internal, Endpoint destination, double seconds) {
        return ((Granted)
                        fixture.nat.open(new FlowRequest("main", subscriber, internal, destination), seconds(seconds)))
                .binding();
    }

    private static Binding mapped(NatFixture fixture, Endpoint internal, Endpoint destination, double seconds) {
        return ((Granted) fixture.nat.open(independent(internal, destination), seconds(seconds))).binding();
    }
}
