package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.FAR;
import static dev.cgnat.core.NatFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.NatSnapshot.SubscriberCounts;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.QueueConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pool knows of its subscribers and of its dry times. */
class NatSubscribersTest {
    private static final LimitConfig TEN_PORTS = LimitConfig.defaults().withPortsPerSubscriber(10);

    @Test
    void subscribersAreNearTheirLimitFromFourFifthsOnAndThenAtIt() {
        NatFixture fixture = new NatFixture(new NatConfig(List.of(NatFixture.pool(1, 100)), TEN_PORTS));
        fixture.granted(BOB, WEB, 0);
        open(fixture, 7);
        assertThat(counts(fixture)).extracting(SubscriberCounts::nearLimit).isEqualTo(0);
        open(fixture, 1);
        assertThat(counts(fixture)).extracting(SubscriberCounts::nearLimit).isEqualTo(1);
        open(fixture, 2);
        SubscriberCounts full = counts(fixture);
        assertThat(List.of(full.active(), full.nearLimit(), full.atLimit(), full.most()))
                .containsExactly(2, 0, 1, 10);
    }

    @Test
    void theMostPortsOfASubscriberAreRecordedWhenItsLastPortIsFree() {
        NatFixture fixture =
                new NatFixture(NatFixture.pool(1, 100).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(10))));
        List<Binding> nine = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            nine.add(fixture.granted(ALICE, WEB, 0));
        }
        nine.forEach(binding -> fixture.close(binding, CloseCause.RESET, 1));
        assertThat(counts(fixture).peakSum()).as("its ports still rest").isEqualTo(0);
        fixture.nat.expire(NatFixture.seconds(11), Integer.MAX_VALUE);
        assertThat(counts(fixture).peaks()).startsWith(0L, 1L, 0L);
        assertThat(counts(fixture).peakSum()).isEqualTo(9);
        assertThat(counts(fixture).active()).isEqualTo(0);
    }

    @Test
    void aSecondIsShortOnceHoweverManyFlowsAreRefusedOrWaitInIt() {
        NatFixture fixture = new NatFixture(NatFixture.pool(1, 1).withQueue(new QueueConfig(Duration.ofSeconds(1), 1)));
        fixture.granted(ALICE, WEB, 0);
        assertThat(fixture.snapshot().shortSeconds()).isEqualTo(0);
        fixture.open(ALICE, WEB, 1.1); // waits
        fixture.open(ALICE, WEB, 1.2); // is refused
        assertThat(fixture.snapshot().shortSeconds()).isEqualTo(1);
        fixture.open(ALICE, WEB, 2.0);
        assertThat(fixture.snapshot().shortSeconds()).isEqualTo(2);
        fixture.open(ALICE, FAR, 3.0);
        assertThat(fixture.snapshot().shortSeconds())
                .as("another destination has a port")
                .isEqualTo(3 - 1);
    }

    @Test
    void aLimitThatIsReachedIsNoShortageOfPorts() {
        NatFixture fixture = new NatFixture(new NatConfig(List.of(NatFixture.pool(1, 100)), TEN_PORTS));
        open(fixture, 10);
        fixture.open(ALICE, WEB, 5);
        assertThat(fixture.snapshot().shortSeconds()).isEqualTo(0);
    }

    @Test
    void portsInUseAreCountedByAddress() {
        NatFixture fixture = new NatFixture(NatFixture.pool(3, 2));
        Binding first = fixture.granted(ALICE, WEB, 0);
        int index = (int) (first.external().address().low() - NatFixture.FIRST.low());
        assertThat(fixture.snapshot().inUseByAddress().get(index)).isEqualTo(1);
        fixture.fill(ALICE, WEB);
        assertThat(fixture.snapshot().inUseByAddress()).containsExactly(2, 2, 2);
    }

    @Test
    void addressesAreCountedApartUpTo256OfThem() {
        assertThat(new NatFixture(NatFixture.pool(256, 1)).snapshot().inUseByAddress())
                .hasSize(256);
        assertThat(new NatFixture(NatFixture.pool(257, 1)).snapshot().inUseByAddress())
                .isEmpty();
    }

    private static void open(NatFixture fixture, int flows) {
        for (int i = 0; i < flows; i++) {
            fixture.granted(ALICE, WEB, 0);
        }
    }

    private static SubscriberCounts counts(NatFixture fixture) {
        return fixture.snapshot().subscribers();
    }
}
