package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.CAROL;
import static dev.cgnat.core.NatFixture.FAR;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.held;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Paired pooling (RFC 4787 REQ-2, RFC 6888 REQ-2). */
class NatPairingTest {
    @Test
    @Tag("rfc4787-req2")
    @Tag("rfc6888-req2")
    @Tag("conformance-a18")
    void allFlowsOfASubscriberLeaveFromOneAddress() {
        NatFixture fixture = new NatFixture(paired(64, 1_000));
        assertThat(Stream.generate(() -> fixture.granted(ALICE, WEB, 0)).limit(200))
                .extracting(binding -> binding.external().address())
                .containsOnly(fixture.nat.pairedAddress("main", ALICE).orElseThrow());
    }

    @Test
    void pairedAddressFullOnlyWhileAnotherAddressHasASlot() {
        NatFixture fixture = new NatFixture(paired(2, 2));
        assertThat(fixture.fill(ALICE, WEB)).hasSize(2);
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.PAIRED_ADDRESS_FULL));
        assertThat(fixture.open(ALICE, TLS, 0)).isInstanceOf(Granted.class);
        assertThat(fixture.fill(BOB, WEB)).hasSize(2);
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
    }

    @Test
    void heldIfOnlyTheOwnAddressRestsAndNothingIsFree() {
        NatFixture fixture = new NatFixture(paired(2, 1).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(10))));
        Binding alices = fixture.granted(ALICE, WEB, 0);
        fixture.granted(BOB, WEB, 0);
        fixture.close(alices, CloseCause.RESET, 1);
        assertThat(fixture.open(ALICE, WEB, 2)).isEqualTo(held(11));
        assertThat(fixture.open(BOB, WEB, 2)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.open(CAROL, WEB, 2)).as("bound to no address yet").isEqualTo(held(11));
    }

    @Test
    void aNewSubscriberIsNotRefusedWhileAnyAddressHasASlot() {
        NatFixture fixture = new NatFixture(paired(5, 3));
        int granted = 0;
        for (int i = 0; i < 15; i++) {
            if (fixture.open(new Subscriber("s" + i), WEB, 0) instanceof Granted) {
                granted++;
            }
        }
        assertThat(granted).isEqualTo(15);
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
    }

    @Test
    void addressIsKeptForPairedIdleAfterTheLastFlow() {
        NatFixture fixture = new NatFixture(
                paired(64, 10).withPooling(PoolingConfig.defaults().withPairedIdle(Duration.ofSeconds(10))));
        Binding first = fixture.granted(ALICE, WEB, 0);
        Optional<IpAddress> address = Optional.of(first.external().address());
        fixture.close(first, CloseCause.RESET, 100);
        fixture.nat.expire(NatFixture.seconds(109.9), 10);
        assertThat(fixture.nat.pairedAddress("main", ALICE)).isEqualTo(address);
        fixture.close(fixture.granted(ALICE, FAR, 109.9), CloseCause.RESET, 110);
        assertThat(fixture.granted(ALICE, TLS, 119).external().address()).isEqualTo(address.get());
        fixture.nat.expire(NatFixture.seconds(119), 10);
        assertThat(fixture.nat.pairedAddress("main", BOB)).isEmpty();
    }

    @Test
    void aPairingLapsesAfterPairedIdle() {
        NatFixture fixture = new NatFixture(
                paired(2, 10).withPooling(PoolingConfig.defaults().withPairedIdle(Duration.ofSeconds(10))));
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.RESET, 1);
        fixture.nat.expire(NatFixture.seconds(11), 10);
        assertThat(fixture.nat.pairedAddress("main", ALICE)).isEmpty();
    }

    @Test
    @Tag("conformance-a21")
    void subscribersAreSpreadEvenly() {
        NatFixture fixture = new NatFixture(paired(64, 100));
        Map<IpAddress, Integer> subscribers = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            Binding binding = fixture.granted(new Subscriber("s" + i), WEB, 0);
            subscribers.merge(binding.external().address(), 1, Integer::sum);
        }
        double mean = 100 / 64.0;
        double variance = subscribers.values().stream()
                        .mapToDouble(count -> (count - mean) * (count - mean))
                        .sum()
                / 64;
        assertThat(subscribers).hasSize(64);
        assertThat(variance).isLessThan(0.33);
    }

    @Test
    void hostScopePairsToo() {
        NatFixture fixture = new NatFixture(paired(8, 50).withReuseScope(ReuseScope.HOST));
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        assertThat(bindings)
                .hasSize(50)
                .extracting(binding -> binding.external().address())
                .containsOnly(bindings.get(0).external().address());
        assertThat(fixture.open(BOB, TLS, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
    }

    @Test
    void arbitraryPoolingUsesEveryAddress() {
        NatFixture fixture = new NatFixture(pool(4, 50));
        assertThat(fixture.fill(ALICE, WEB))
                .extracting(binding -> binding.external().address())
                .contains(FIRST, FIRST.plus(1), FIRST.plus(2), FIRST.plus(3));
        assertThat(fixture.nat.pairedAddress("main", ALICE)).isEmpty();
    }

    private static PoolConfig paired(int addresses, int ports) {
        return pool(addresses, ports).withPooling(Pooling.PAIRED);
    }
}
