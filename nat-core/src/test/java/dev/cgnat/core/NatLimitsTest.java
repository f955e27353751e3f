package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.plain;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static dev.cgnat.core.NatFixture.request;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NatLimitsTest {
    private static final LimitConfig NONE = LimitConfig.defaults();

    @Test
    @Tag("rfc6888-req4b")
    void eachProtocolIsCountedApartAndHasPortsOfItsOwn() {
        NatFixture fixture = limited(pool(1, 1), NONE.withSessionsPerSubscriber(1));
        for (Protocol protocol : Protocol.values()) {
            assertThat(fixture.nat.open(request(ALICE, WEB).withProtocol(protocol), 0))
                    .isInstanceOf(Granted.class);
            assertThat(plain(fixture.nat.open(request(ALICE, TLS).withProtocol(protocol), 0)))
                    .isEqualTo(refused(Refusal.SESSION_LIMIT));
            assertThat(fixture.snapshot().pairs(protocol).inUse()).isEqualTo(1);
        }
    }

    @Test
    @Tag("rfc6888-req4c")
    void aSubscriberMayOpenAFewFlowsAtOnceAndThenThatManyPerSecond() {
        NatFixture fixture = limited(pool(1, 100), NONE.withNewPerSecondPerSubscriber(4));
        for (int i = 0; i < 4; i++) {
            fixture.granted(ALICE, WEB, 10);
        }
        assertThat(fixture.open(ALICE, WEB, 10)).isEqualTo(rateLimited(10.25));
        assertThat(fixture.open(BOB, WEB, 10)).isInstanceOf(Granted.class);
        fixture.granted(ALICE, WEB, 10.25);
        assertThat(fixture.open(ALICE, WEB, 10.25)).isEqualTo(rateLimited(10.5));
        int granted = 0;
        for (int millis = 10_500; millis < 20_500; millis += 10) {
            granted += fixture.open(ALICE, WEB, millis / 1_000.0) instanceof Granted ? 1 : 0;
        }
        assertThat(granted).isEqualTo(40);
    }

    @Test
    @Tag("rfc6888-req4c")
    void goingIdleDoesNotGiveTokensBack() {
        NatFixture fixture = limited(pool(1, 100), NONE.withNewPerSecondPerSubscriber(2));
        for (int i = 0; i < 2; i++) {
            fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.RESET, 0);
        }
        assertThat(fixture.nat.snapshot().subscribers()).isZero();
        assertThat(fixture.open(ALICE, WEB, 0.4)).isEqualTo(rateLimited(0.5));
        assertThat(fixture.open(ALICE, WEB, 0.5)).isInstanceOf(Granted.class);
    }

    @Test
    void aRefusedFlowTakesNoToken() {
        NatFixture fixture = limited(pool(1, 1), NONE.withNewPerSecondPerSubscriber(1));
        Binding blocking = fixture.granted(BOB, WEB, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        }
        fixture.close(blocking, CloseCause.RESET, 0);
        assertThat(fixture.open(ALICE, WEB, 0)).isInstanceOf(Granted.class);
    }

    @Test
    void sessionsPerDestinationAreCountedPerExternalAddress() {
        NatFixture paired = limited(pool(2, 10).withPooling(Pooling.PAIRED), NONE.withSessionsPerDestination(3));
        assertThat(paired.fill(ALICE, WEB)).hasSize(3);
        assertThat(paired.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.DESTINATION_LIMIT));
        assertThat(paired.open(ALICE, TLS, 0)).isInstanceOf(Granted.class);
        assertThat(paired.fill(BOB, WEB)).as("from the other address").hasSize(3);
        NatFixture arbitrary = limited(pool(2, 10), NONE.withSessionsPerDestination(3));
        assertThat(arbitrary.fill(ALICE, WEB)).hasSize(6);
    }

    @Test
    void portsPerDestinationCountWhatRestsToo() {
        PoolConfig resting = pool(1, 10).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60)));
        NatFixture ports = limited(resting, NONE.withPortsPerDestination(2));
        NatFixture sessions = limited(resting, NONE.withSessionsPerDestination(2));
        for (NatFixture fixture : List.of(ports, sessions)) {
            fixture.fill(ALICE, WEB).forEach(binding -> fixture.close(binding, CloseCause.IDLE, 1));
        }
        assertThat(ports.open(ALICE, WEB, 1)).isEqualTo(refused(Refusal.DESTINATION_LIMIT));
        assertThat(ports.open(ALICE, WEB, 61)).isInstanceOf(Granted.class);
        assertThat(sessions.open(ALICE, WEB, 1)).isInstanceOf(Granted.class);
    }

    @Test
    void restingPortsOfADestinationCanBeCountedWhereTheyAreOfOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> limited(pool(1, 10).withReuseScope(ReuseScope.ADDRESS), NONE.withPortsPerDestination(2)))
                .withMessage("reuse-scope: address (expected: four-tuple with limits.ports-per-destination)");
    }

    @Test
    @Tag("rfc6888-req8")
    void whenTooManyRestTheOneWhoseRestEndsFirstIsFreedEarly() {
        NatFixture fixture = new NatFixture(pool(1, 3)
                .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60)).withMaxHeld(2)));
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        for (int i = 0; i < 3; i++) {
            fixture.close(bindings.get(i), CloseCause.IDLE, i);
        }
        assertThat(fixture.snapshot().heldSlots()).isEqualTo(2);
        assertThat(fixture.granted(BOB, WEB, 3).external())
                .isEqualTo(bindings.get(0).external());
        assertThat(fixture.open(BOB, WEB, 3)).isEqualTo(NatFixture.held(61));
    }

    @Test
    void aSlotLentAgainWithinTheSegmentLifetimeCountsAsUnsafe() {
        NatFixture fixture = new NatFixture(pool(1, 1).withSegmentLifetime(Duration.ofSeconds(30)));
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.RESET, 1);
        fixture.close(fixture.granted(BOB, TLS, 2), CloseCause.RESET, 2);
        assertThat(fixture.snapshot().unsafeReuses()).as("another destination").isZero();
        fixture.close(fixture.granted(BOB, WEB, 30.9), CloseCause.RESET, 31);
        assertThat(fixture.snapshot().unsafeReuses()).isEqualTo(1);
        fixture.granted(BOB, WEB, 61);
        assertThat(fixture.snapshot().unsafeReuses()).isEqualTo(1);
    }

    private static NatFixture limited(PoolConfig pool, LimitConfig limits) {
        return new NatFixture(new NatConfig(List.of(pool), limits));
    }

    private static Refused rateLimited(double untilSeconds) {
        return new Refused(Refusal.RATE_LIMIT, seconds(untilSeconds), false, Explanation.outside());
    }
}
