package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.CAROL;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.plain;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static dev.cgnat.core.NatFixture.request;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Windows host with several addresses, whose sockets use SO_PORT_SCALABILITY or not. */
class NatLegacyTest {
    @Test
    void oncePortsAreTakenOnOneAddressLegacySocketsFindNone() {
        NatFixture fixture = new NatFixture(host(2, 4));
        List<Binding> onOne = fixture.fill(ALICE, WEB);
        assertThat(onOne).hasSize(4);
        assertThat(legacy(fixture, CAROL, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.fill(BOB, WEB)).as("scalable, on the other address").hasSize(4);
        fixture.close(onOne.get(0), CloseCause.RESET, 0);
        assertThat(legacy(fixture, CAROL, 0))
                .as("still taken on the other address")
                .isEqualTo(refused(Refusal.EXHAUSTED));
    }

    @Test
    void aLegacySocketTakesItsPortOnEveryAddress() {
        NatFixture fixture = new NatFixture(host(2, 2));
        Binding taken = ((Granted) legacy(fixture, CAROL, 0)).binding();
        assertThat(fixture.tcp().inUse()).isEqualTo(2);
        assertThat(fixture.fill(ALICE, WEB))
                .singleElement()
                .satisfies(binding -> assertThat(binding.external().port())
                        .isNotEqualTo(taken.external().port()));
        assertThat(fixture.fill(BOB, WEB)).hasSize(1);
        fixture.close(taken, CloseCause.RESET, 0);
        assertThat(fixture.tcp().inUse()).isEqualTo(2);
        assertThat(fixture.fill(ALICE, WEB)).hasSize(1);
        assertThat(fixture.fill(BOB, WEB)).hasSize(1);
    }

    @Test
    void aLegacyPortRestsOnEveryAddress() {
        NatFixture fixture = new NatFixture(host(2, 1).withHoldDown(HoldDownConfig.same(Duration.ofMinutes(2))));
        Binding taken = ((Granted) legacy(fixture, CAROL, 0)).binding();
        fixture.close(taken, CloseCause.CLIENT_FIN, 1);
        assertThat(fixture.tcp().held()).isEqualTo(2);
        assertThat(fixture.open(ALICE, WEB, 120.9)).isEqualTo(NatFixture.held(121));
        assertThat(fixture.open(ALICE, WEB, 121)).isInstanceOf(Granted.class);
        assertThat(fixture.tcp().held()).isZero();
    }

    @Test
    void onlyPoolsWhosePortsAreTakenPerAddressKnowLegacySockets() {
        NatFixture fixture = new NatFixture(pool(2, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> legacy(fixture, ALICE, 0))
                .withMessageContaining("clientClass: legacy (expected: scalable");
    }

    private static PoolConfig host(int addresses, int ports) {
        return pool(addresses, ports).withReuseScope(ReuseScope.ADDRESS).withPooling(Pooling.PAIRED);
    }

    private static Outcome legacy(NatFixture fixture, Subscriber subscriber, double seconds) {
        return plain(fixture.nat.open(request(subscriber, WEB).withClientClass(ClientClass.LEGACY), seconds(seconds)));
    }
}
