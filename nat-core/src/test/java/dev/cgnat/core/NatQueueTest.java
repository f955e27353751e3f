package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.CAROL;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The waiting room, with a pool of one port unless said otherwise. */
class NatQueueTest {
    private static final PoolConfig POOL = pool(1, 1)
            .withHoldDown(new HoldDownConfig(
                    Duration.ofSeconds(3), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO))
            .withQueue(new QueueConfig(Duration.ofSeconds(5), 2));

    private final NatFixture fixture = new NatFixture(POOL);

    @Test
    void firstComeFirstServed() {
        Binding first = fixture.granted(ALICE, WEB, 0);
        Queued bob = queued(BOB, 1);
        Queued carol = queued(CAROL, 2);
        assertThat(bob).isEqualTo(new Queued(bob.ticket(), Refusal.EXHAUSTED, seconds(6)));
        fixture.close(first, CloseCause.RESET, 3);
        Binding bobs = granted(bob);
        assertThat(bobs.subscriber()).isEqualTo(BOB);
        assertThat(fixture.outcomes(carol)).isEmpty();
        fixture.close(bobs, CloseCause.RESET, 4);
        assertThat(granted(carol).subscriber()).isEqualTo(CAROL);
        assertThat(fixture.snapshot().waiting()).isZero();
        assertThat(fixture.snapshot().granted()).isEqualTo(3);
    }

    @Test
    void theEndOfARestWakesTheFirst() {
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 1);
        Queued bob = queued(BOB, 2);
        assertThat(bob.reason()).isEqualTo(Refusal.HELD);
        assertThat(fixture.nat.nextDeadlineNanos()).isEqualTo(seconds(4));
        assertThat(fixture.nat.expire(seconds(4) - 1, 10)).isZero();
        assertThat(fixture.nat.expire(seconds(4), 10)).isPositive();
        granted(bob);
    }

    @Test
    void newcomersDoNotOvertake() {
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 1);
        Queued bob = queued(BOB, 2);
        Queued carol = (Queued) fixture.open(CAROL, WEB, 4); // the slot is due, and nobody has called expire
        granted(bob);
        assertThat(carol.reason()).isEqualTo(Refusal.EXHAUSTED);
    }

    @Test
    void whoWaitsInVainIsRefusedForTheFirstReason() {
        fixture.granted(ALICE, WEB, 0);
        Queued bob = queued(BOB, 1);
        assertThat(fixture.nat.nextDeadlineNanos())
                .isEqualTo(bob.deadlineNanos())
                .isEqualTo(seconds(6));
        assertThat(fixture.nat.expire(seconds(6) - 1, 10)).isZero();
        assertThat(fixture.nat.expire(seconds(6), 10)).isEqualTo(1);
        assertThat(fixture.outcomes(bob)).containsExactly(refused(Refusal.EXHAUSTED));
        assertThat(fixture.snapshot().refused()).containsEntry(Refusal.EXHAUSTED, 1L);
        assertThat(fixture.nat.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aWaiterIsNotRefusedWhileASlotIsDue() {
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.CLIENT_FIN, 4);
        Queued bob = queued(BOB, 4);
        fixture.nat.expire(seconds(100), 1);
        granted(bob);
    }

    @Test
    void roomToWaitIsBounded() {
        fixture.granted(ALICE, WEB, 0);
        queued(BOB, 1);
        queued(CAROL, 1);
        assertThat(fixture.open(ALICE, WEB, 2)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.snapshot().waiting()).isEqualTo(2);
        fixture.open(ALICE, TLS, 2);
        assertThat(fixture.snapshot().units()).isEqualTo(2);
    }

    @Test
    void whoeverCancelsWaitsNoLonger() {
        Binding first = fixture.granted(ALICE, WEB, 0);
        Queued bob = queued(BOB, 1);
        Queued carol = queued(CAROL, 1);
        assertThat(fixture.nat.cancel(bob, seconds(2))).isTrue();
        assertThat(fixture.nat.cancel(bob, seconds(2))).isFalse();
        fixture.close(first, CloseCause.RESET, 3);
        assertThat(fixture.outcomes(bob)).isEmpty();
        granted(carol);
        assertThat(fixture.nat.cancel(carol, seconds(3))).isFalse();
    }

    @Test
    void limitsAreCheckedAgainOnWaking() {
        NatFixture limited = new NatFixture(
                new NatConfig(List.of(POOL), LimitConfig.defaults().withSessionsPerSubscriber(1)));
        Binding alices = limited.granted(ALICE, WEB, 0);
        Queued bob = (Queued) limited.open(BOB, WEB, 0);
        limited.granted(BOB, TLS, 0);
        Queued carol = (Queued) limited.open(CAROL, WEB, 0);
        limited.close(alices, CloseCause.RESET, 1);
        assertThat(limited.outcomes(bob)).containsExactly(refused(Refusal.SESSION_LIMIT));
        assertThat(limited.outcomes(carol)).singleElement().isInstanceOf(Granted.class);
    }

    @Test
    void limitsDoNotWait() {
        NatFixture limited = new NatFixture(
                new NatConfig(List.of(POOL), LimitConfig.defaults().withSessionsPerSubscriber(1)));
        limited.granted(ALICE, WEB, 0);
        assertThat(limited.open(ALICE, TLS, 0)).isEqualTo(refused(Refusal.SESSION_LIMIT));
    }

    @Test
    void whoWaitsAtAFullPairedAddressStaysThere() {
        NatFixture paired = new NatFixture(pool(2, 1)
                .withPooling(PoolingConfig.defaults().withPairedIdle(Duration.ZERO))
                .withQueue(new QueueConfig(Duration.ofSeconds(5), 2)));
        Binding first = paired.granted(ALICE, WEB, 0);
        Queued waiting = (Queued) paired.open(ALICE, WEB, 0);
        assertThat(waiting.reason()).isEqualTo(Refusal.PAIRED_ADDRESS_FULL);
        paired.close(first, CloseCause.RESET, 1);
        assertThat(paired.outcomes(waiting))
                .singleElement()
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.binding().external()).isEqualTo(first.external()));
    }

    @Test
    void aFreeSlotThatAWaiterCannotUseIsLentToANewcomer() {
        NatFixture shared = new NatFixture(POOL.withReuseScope(ReuseScope.ADDRESS));
        Endpoint own = new Endpoint(NatFixture.FIRST, 5_000);
        assertThat(shared.open(ALICE, own, 0)).isInstanceOf(Queued.class);
        assertThat(shared.open(BOB, WEB, 0)).isInstanceOf(Granted.class);
    }

    @Test
    void flowsOfAllKindsAreServedInTheOrderInWhichTheyCame() {
        NatFixture mixed = new NatFixture(POOL.withReuseScope(ReuseScope.ADDRESS));
        FlowRequest whoShares = NatFixture.request(BOB, WEB).withMapping(Mapping.ENDPOINT_INDEPENDENT);
        Binding first = mixed.granted(ALICE, WEB, 0);
        Queued bob = (Queued) mixed.nat.open(whoShares, 0);
        Queued carol = (Queued) mixed.open(CAROL, WEB, 0);
        mixed.close(first, CloseCause.RESET, 1);
        assertThat(mixed.outcomes(bob)).singleElement().isInstanceOf(Granted.class);
        assertThat(mixed.outcomes(carol)).isEmpty();
    }

    @Test
    void whoCanShareWhatAnotherWasJustGivenWaitsNoLonger() {
        NatFixture mixed = new NatFixture(POOL.withReuseScope(ReuseScope.ADDRESS));
        Binding first = mixed.granted(ALICE, WEB, 0);
        Queued toWeb =
                (Queued) mixed.nat.open(NatFixture.request(BOB, WEB).withMapping(Mapping.ENDPOINT_INDEPENDENT), 0);
        Queued toFar = (Queued)
                mixed.nat.open(NatFixture.request(BOB, NatFixture.FAR).withMapping(Mapping.ENDPOINT_INDEPENDENT), 0);
        mixed.close(first, CloseCause.RESET, 1);
        assertThat(mixed.outcomes(toWeb)).singleElement().isInstanceOf(Granted.class);
        assertThat(mixed.outcomes(toFar)).singleElement().isInstanceOf(Granted.class);
    }

    @Test
    void aCloseInOnePoolServesTheWaitersOfAnother() {
        PoolConfig other = PoolConfig.defaults("other", List.of(AddressRange.single(NatFixture.FIRST.plus(9))))
                .withPorts(POOL.ports().get(0))
                .withHoldDown(POOL.holdDown())
                .withQueue(POOL.queue());
        NatFixture both = new NatFixture(new NatConfig(List.of(POOL, other), LimitConfig.defaults()));
        FlowRequest elsewhere = new FlowRequest("other", BOB, WEB, WEB);
        both.nat.close(((Granted) both.nat.open(elsewhere, 0)).binding(), CloseCause.CLIENT_FIN, 0);
        Queued inOther = (Queued) both.nat.open(elsewhere, 0);
        Binding here = both.granted(ALICE, WEB, 0);
        Queued inMain = (Queued) both.open(new Subscriber("dave"), WEB, 0);
        both.close(here, CloseCause.RESET, 3);
        assertThat(both.outcomes(inMain)).singleElement().isInstanceOf(Granted.class);
        assertThat(both.outcomes(inOther)).singleElement().isInstanceOf(Granted.class);
    }

    private Queued queued(Subscriber subscriber, double seconds) {
        Outcome outcome = fixture.open(subscriber, WEB, seconds);
        assertThat(outcome).isInstanceOf(Queued.class);
        return (Queued) outcome;
    }

    private Binding granted(Queued queued) {
        assertThat(fixture.outcomes(queued)).singleElement().isInstanceOf(Granted.class);
        return ((Granted) fixture.outcomes(queued).get(0)).binding();
    }
}
