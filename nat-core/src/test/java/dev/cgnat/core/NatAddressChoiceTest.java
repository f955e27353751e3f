package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.CAROL;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NatAddressChoiceTest {
    @Test
    void fillFirstUsesAnAddressWhenThoseBeforeItAreFull() {
        NatFixture fixture =
                new NatFixture(choosing(3, 2, AddressChoice.FILL_FIRST).withPooling(Pooling.ARBITRARY));
        assertThat(offsets(fixture.fill(ALICE, WEB))).containsExactly(0, 0, 1, 1, 2, 2);
        NatFixture paired = new NatFixture(choosing(3, 2, AddressChoice.FILL_FIRST));
        assertThat(offsets(List.of(
                        paired.granted(ALICE, WEB, 0), paired.granted(BOB, WEB, 0), paired.granted(CAROL, WEB, 0))))
                .containsExactly(0, 0, 1);
    }

    @Test
    void roundRobinGivesEachAddressItsTurn() {
        NatFixture fixture =
                new NatFixture(choosing(3, 9, AddressChoice.ROUND_ROBIN).withPooling(Pooling.ARBITRARY));
        assertThat(offsets(fixture.fill(ALICE, WEB)).subList(0, 6)).containsExactly(0, 1, 2, 0, 1, 2);
        NatFixture paired = new NatFixture(choosing(3, 9, AddressChoice.ROUND_ROBIN));
        assertThat(offsets(List.of(
                        paired.granted(ALICE, WEB, 0),
                        paired.granted(ALICE, WEB, 0),
                        paired.granted(BOB, WEB, 0),
                        paired.granted(CAROL, WEB, 0))))
                .containsExactly(0, 0, 1, 2);
    }

    @Test
    void hashGivesASubscriberTheSameAddressAtEveryStart() {
        PoolConfig pool = choosing(8, 100, AddressChoice.HASH);
        NatFixture one = new NatFixture(pool);
        NatFixture other = new NatFixture(pool);
        Set<IpAddress> addresses = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            Subscriber subscriber = new Subscriber("10.0.0." + i);
            IpAddress address = one.granted(subscriber, WEB, 0).external().address();
            addresses.add(address);
            other.granted(new Subscriber("somebody " + i), WEB, 0);
            assertThat(other.granted(subscriber, WEB, 0).external().address()).isEqualTo(address);
        }
        assertThat(addresses).hasSize(8);
    }

    @Test
    @Tag("rfc7857-4")
    void aFullPairedAddressRefusesOrSpillsAsTheAdministratorSays() {
        NatFixture refusing = new NatFixture(choosing(2, 2, AddressChoice.LEAST_LOADED));
        assertThat(refusing.fill(ALICE, WEB)).hasSize(2);
        assertThat(refusing.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.PAIRED_ADDRESS_FULL));
        NatFixture spilling =
                new NatFixture(pool(2, 2).withPooling(PoolingConfig.defaults().withOverflow(PairedOverflow.SPILL)));
        List<Binding> bindings = new ArrayList<>(spilling.fill(ALICE, WEB));
        assertThat(bindings).hasSize(4);
        assertThat(spilling.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(spilling.nat.pairedAddress("main", ALICE))
                .as("the pairing stays")
                .contains(bindings.get(0).external().address());
        spilling.close(bindings.get(1), CloseCause.RESET, 0);
        assertThat(spilling.granted(ALICE, WEB, 0).external())
                .isEqualTo(bindings.get(1).external());
    }

    private static PoolConfig choosing(int addresses, int ports, AddressChoice choice) {
        return pool(addresses, ports).withPooling(PoolingConfig.defaults().withChooseAddress(choice));
    }

    private static List<Integer> offsets(List<Binding> bindings) {
        return bindings.stream()
                .map(binding -> (int) (binding.external().address().low() - FIRST.low()))
                .toList();
    }
}
