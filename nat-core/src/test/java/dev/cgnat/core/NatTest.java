package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.CAROL;
import static dev.cgnat.core.NatFixture.FAR;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.REMOTE;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.held;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static dev.cgnat.core.NatFixture.request;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Scopes, hold-down, limits and foreign sockets; pairing and waiting have tests of their own. */
class NatTest {
    private static final PoolConfig ONE_PORT = pool(1, 1);

    @ParameterizedTest
    @CsvSource({"HOST, 7", "ADDRESS, 21", "REMOTE_HOST, 42", "FOUR_TUPLE, 63"})
    @Tag("rfc7857-3")
    void eachScopeHoldsItsNumberOfFlows(ReuseScope scope, int capacity) {
        NatFixture fixture = new NatFixture(pool(3, 7).withReuseScope(scope));
        int flows = 0;
        for (Endpoint destination : List.of(WEB, TLS, FAR)) {
            flows += fixture.fill(ALICE, destination).size();
        }
        assertThat(flows).isEqualTo(capacity);
        assertThat(fixture.snapshot().sessions()).isEqualTo(capacity);
        assertThat(fixture.snapshot().maxDestinationUtilization()).isEqualTo(1);
        assertThat(fixture.tcp().capacity()).isEqualTo(scope == ReuseScope.HOST ? 7 : 21);
        assertThat(fixture.open(BOB, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
    }

    @Test
    @Tag("rfc7857-3")
    void oneAddressCarriesEveryPortToEveryDestination() {
        NatFixture fixture = new NatFixture(pool(1, 900));
        Set<List<Endpoint>> tuples = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            List<Binding> bindings = fixture.fill(ALICE, new Endpoint(REMOTE.plus(i), 80));
            assertThat(bindings).hasSize(900);
            bindings.forEach(binding -> tuples.add(List.of(binding.external(), binding.destination())));
        }
        assertThat(tuples).hasSize(4_500);
        assertThat(fixture.tcp().inUse()).isEqualTo(900);
        assertThat(fixture.snapshot().units()).isEqualTo(5);
    }

    @Test
    @Tag("rfc6888-req8")
    @Tag("conformance-a10")
    void releasedPortRestsUntilHoldDownEnds() {
        NatFixture fixture = new NatFixture(ONE_PORT.withHoldDown(HoldDownConfig.same(Duration.ofMinutes(2))));
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 1);
        assertThat(fixture.open(BOB, WEB, 120.999)).isEqualTo(held(121));
        assertThat(fixture.nat.nextDeadlineNanos()).isEqualTo(seconds(121));
        assertThat(fixture.open(BOB, WEB, 121)).isInstanceOf(Granted.class);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("rfc6888-req8")
    void holdDownFollowsTheCauseOfTheClose(CloseCause cause) {
        HoldDownConfig holdDown = new HoldDownConfig(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5));
        NatFixture fixture = new NatFixture(ONE_PORT.withHoldDown(holdDown));
        Binding binding = fixture.granted(ALICE, WEB, 0);
        fixture.close(binding, cause, 10);
        double end = 10 + List.of(CloseCause.values()).indexOf(cause) + 1;
        assertThat(fixture.open(BOB, WEB, 10)).isEqualTo(held(end));
        assertThat(fixture.events).contains(new NatEvent.Closed(binding, cause, seconds(end), seconds(10)));
        assertThat(fixture.open(BOB, WEB, end)).isInstanceOf(Granted.class);
        assertThat(fixture.snapshot().closed()).containsEntry(cause, 1L);
        assertThat(cause.label()).isEqualTo(cause.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void heldCarriesTheEarliestTimeOfAllThatRest() {
        HoldDownConfig holdDown = new HoldDownConfig(
                Duration.ofSeconds(60), Duration.ZERO, Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO);
        NatFixture fixture = new NatFixture(pool(1, 2).withHoldDown(holdDown));
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 1);
        fixture.close(fixture.granted(ALICE, WEB, 1), CloseCause.RESET, 2);
        assertThat(fixture.open(BOB, WEB, 3)).isEqualTo(held(12));
        assertThat(fixture.open(BOB, TLS, 3)).as("another destination").isInstanceOf(Granted.class);
    }

    @Test
    void aCloseThatDoesNotRestFreesTheSlotAtOnce() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        Binding binding = fixture.granted(ALICE, WEB, 0);
        fixture.close(binding, CloseCause.SERVER_FIN, 1);
        assertThat(fixture.events)
                .contains(new NatEvent.Closed(binding, CloseCause.SERVER_FIN, seconds(1), seconds(1)));
        assertThat(fixture.snapshot().units()).isZero();
        assertThat(fixture.granted(BOB, WEB, 1).external()).isEqualTo(binding.external());
    }

    @Test
    @Tag("rfc6888-req4a")
    void sessionLimitCountsLiveFlowsOnly() {
        NatFixture fixture = limited(LimitConfig.defaults().withSessionsPerSubscriber(2));
        Binding first = fixture.granted(ALICE, WEB, 0);
        fixture.granted(ALICE, TLS, 0);
        assertThat(fixture.open(ALICE, FAR, 0)).isEqualTo(refused(Refusal.SESSION_LIMIT));
        assertThat(fixture.open(BOB, FAR, 0)).isInstanceOf(Granted.class);
        fixture.close(first, CloseCause.CLIENT_FIN, 1);
        assertThat(fixture.open(ALICE, FAR, 1)).isInstanceOf(Granted.class);
    }

    @Test
    @Tag("rfc6888-req4a")
    void portLimitCountsHeldSlotsToo() {
        NatFixture fixture = limited(LimitConfig.defaults().withPortsPerSubscriber(2));
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 0);
        fixture.granted(ALICE, TLS, 0);
        assertThat(fixture.open(ALICE, FAR, 59.9)).isEqualTo(refused(Refusal.PORT_LIMIT));
        assertThat(fixture.open(ALICE, FAR, 60)).isInstanceOf(Granted.class);
        assertThat(fixture.snapshot().refused())
                .containsEntry(Refusal.PORT_LIMIT, 1L)
                .containsEntry(Refusal.HELD, 0L);
    }

    @Test
    void limitsHoldOverAllPools() {
        PoolConfig other = PoolConfig.defaults("other", List.of(AddressRange.single(FIRST.plus(9))));
        Nat nat = new Nat(
                new NatConfig(List.of(pool(1, 4), other), LimitConfig.defaults().withSessionsPerSubscriber(1)),
                new Random(1),
                event -> {});
        nat.open(request(ALICE, WEB), 0);
        FlowRequest elsewhere = new FlowRequest("other", ALICE, WEB, TLS);
        assertThat(NatFixture.plain(nat.open(elsewhere, 0))).isEqualTo(refused(Refusal.SESSION_LIMIT));
        assertThat(nat.snapshot().subscribers()).isEqualTo(1);
    }

    @Test
    void aPairThatIsSetAsideIsLentToNobodyForAMinute() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        Binding binding = fixture.granted(ALICE, WEB, 0);
        fixture.nat.setAsidePair(binding, seconds(1));
        assertThat(fixture.events).contains(new NatEvent.SetAside(binding, seconds(1)));
        assertThat(fixture.open(ALICE, WEB, 60.9)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.open(ALICE, TLS, 60.9)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.tcp().reserved()).isEqualTo(1);
        assertThat(fixture.snapshot().setAside()).isEqualTo(1);
        assertThat(fixture.snapshot().sessions()).isZero();
        assertThat(fixture.open(ALICE, WEB, 61)).isInstanceOf(Granted.class);
        assertThat(fixture.tcp().reserved()).isZero();
    }

    @Test
    void aSlotThatIsSetAsideLeavesThePairToOtherDestinations() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        fixture.nat.setAsideSlot(fixture.granted(ALICE, WEB, 0), seconds(1));
        assertThat(fixture.tcp().reserved()).isEqualTo(1);
        assertThat(fixture.open(ALICE, WEB, 2)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.open(ALICE, TLS, 2)).isInstanceOf(Granted.class);
        assertThat(fixture.tcp().reserved()).as("in use counts first").isZero();
        assertThat(fixture.open(ALICE, WEB, 61)).isInstanceOf(Granted.class);
    }

    @ParameterizedTest
    @EnumSource
    void sourceIsNeverTheDestination(ReuseScope scope) {
        NatFixture fixture = new NatFixture(pool(1, 3).withReuseScope(scope));
        Endpoint own = new Endpoint(FIRST, 5_001);
        assertThat(fixture.fill(ALICE, own))
                .extracting(Binding::external)
                .hasSize(2)
                .doesNotContain(own);
        assertThat(fixture.tcp().inUse()).isEqualTo(2);
    }

    @Test
    void aStaleCloseIsRejected() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        Binding old = fixture.granted(ALICE, WEB, 0);
        fixture.close(old, CloseCause.RESET, 0);
        fixture.granted(BOB, WEB, 0);
        assertThatIllegalStateException().isThrownBy(() -> fixture.close(old, CloseCause.RESET, 0));
        assertThatIllegalStateException().isThrownBy(() -> fixture.nat.setAsidePair(old, 0));
        Binding ofAnother = new NatFixture(pool(1, 1)).granted(ALICE, WEB, 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> fixture.close(ofAnother, CloseCause.RESET, 0))
                .withMessageContaining("expected: a live flow of this NAT");
        assertThat(fixture.snapshot().sessions()).isEqualTo(1);
    }

    @Test
    void timeMayNotGoBackwards() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        fixture.granted(ALICE, WEB, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.nat.expire(seconds(5) - 1, 1))
                .withMessage("nowNanos: 4999999999 (expected: at least 5000000000)");
        assertThatIllegalArgumentException().isThrownBy(() -> new NatFixture(ONE_PORT).nat.expire(-1, 1));
    }

    @Test
    void anUnknownPoolIsRejected() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        FlowRequest request = new FlowRequest("mane", ALICE, WEB, WEB);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.nat.open(request, 0))
                .withMessage("pool: mane (expected: one of [main])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.nat.snapshot().pool("mane"));
    }

    @Test
    void excludedPortsAreNeverLentAndCountAsReserved() {
        NatFixture fixture =
                new NatFixture(pool(2, 10).withExcludePorts(new PortRange(5_002, 5_004), new PortRange(80, 90)));
        assertThat(fixture.fill(ALICE, WEB))
                .extracting(binding -> binding.external().port())
                .hasSize(14)
                .doesNotContain(5_002, 5_003, 5_004);
        assertThat(fixture.tcp().capacity()).isEqualTo(20);
        assertThat(fixture.tcp().reserved()).isEqualTo(6);
        assertThat(fixture.tcp().free()).isZero();
    }

    @Test
    @Tag("rfc6888-req3")
    void aPoolOfSeveralRangesIsUsedToTheLastPair() {
        PoolConfig pool = PoolConfig.defaults(
                        "main",
                        List.of(
                                new AddressRange(FIRST.plus(100), FIRST.plus(101)),
                                AddressRange.single(FIRST),
                                new AddressRange(FIRST.plus(50), FIRST.plus(52))))
                .withPorts(new PortRange(6_000, 6_001), new PortRange(5_000, 5_000))
                .withPooling(Pooling.ARBITRARY);
        NatFixture fixture = new NatFixture(pool);
        assertThat(fixture.fill(ALICE, WEB))
                .extracting(Binding::external)
                .hasSize(18)
                .doesNotHaveDuplicates();
        assertThat(fixture.tcp().free()).isZero();
    }

    @Test
    void snapshotsDoNotChange() {
        NatFixture fixture = new NatFixture(ONE_PORT);
        NatSnapshot before = fixture.nat.snapshot();
        fixture.granted(ALICE, WEB, 0);
        assertThat(before.pool("main").sessions()).isZero();
        assertThat(before.subscribers()).isZero();
        assertThat(fixture.nat.snapshot().subscribers()).isEqualTo(1);
        assertThat(before.pool("main").closed().keySet()).containsExactly(CloseCause.values());
    }

    @Test
    @Tag("rfc6888-req11d")
    void nothingLiveIsDroppedToMakeRoom() {
        NatFixture fixture = new NatFixture(pool(1, 50));
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        IntStream.range(0, 500).forEach(i -> fixture.open(new Subscriber("s" + i), WEB, i));
        bindings.forEach(binding -> fixture.close(binding, CloseCause.RESET, 1_000));
        assertThat(fixture.snapshot().closed()).containsEntry(CloseCause.RESET, 50L);
        assertThat(fixture.open(CAROL, WEB, 1_000)).isInstanceOf(Granted.class);
    }

    @Test
    void refusalsAreSortedByWhoDecidesThem() {
        assertThat(Refusal.HELD.isOutOfPorts() && Refusal.EXHAUSTED.isOutOfPorts())
                .isTrue();
        assertThat(Refusal.PORT_LIMIT.isOutOfPorts() || Refusal.OS_BIND.isOutOfPorts())
                .isFalse();
        assertThat(Refusal.OS_BIND.isShell() && Refusal.DRAINING.isShell()).isTrue();
        assertThat(Refusal.PAIRED_ADDRESS_FULL.label()).isEqualTo("paired_address_full");
    }

    private static NatFixture limited(LimitConfig limits) {
        return new NatFixture(new NatConfig(List.of(pool(1, 100).withHoldDown(HoldDownConfig.defaults())), limits));
    }
}
