package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.SelectionConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NatPreferenceTest {
    @Test
    void theClientsOwnPortIsKeptWhileItIsFree() {
        NatFixture fixture = new NatFixture(preferring(PortPreference.SAME_PORT));
        assertThat(port(fixture, 5_007)).isEqualTo(5_007);
        assertThat(port(fixture, 5_007)).isNotEqualTo(5_007);
        assertThat(port(fixture, 40_000)).as("not a port of the pool").isBetween(5_000, 5_019);
    }

    @Test
    @Tag("rfc4787-req4")
    @Tag("rfc7857-9")
    void parityIsKeptWhileAFreePortHasItAndNeverRefuses() {
        NatFixture fixture = new NatFixture(preferring(PortPreference.PARITY));
        for (int i = 0; i < 10; i++) {
            assertThat(port(fixture, 40_001) % 2).isEqualTo(1);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(port(fixture, 40_001) % 2).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNIFORM", "SEQUENTIAL", "RFC6056_1", "RFC6056_3", "RFC6056_4", "LEAST_RECENTLY_FREED", "PF"})
    @Tag("rfc6056-3.3")
    void anExactSelectionLendsTheLastPort(PortSelection selection) {
        NatFixture fixture =
                new NatFixture(pool(1, 500).withSelection(new SelectionConfig(selection, PortPreference.NONE)));
        assertThat(fixture.fill(ALICE, WEB)).hasSize(500);
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(NatFixture.refused(Refusal.EXHAUSTED));
    }

    @ParameterizedTest
    @EnumSource(names = {"LINUX_NF", "VPP", "CILIUM", "CILIUM_128"})
    void anImitatedSearchGivesUpWhileAPortIsFreeAndSaysSo(PortSelection selection) {
        NatFixture fixture =
                new NatFixture(pool(1, 5_000).withSelection(new SelectionConfig(selection, PortPreference.NONE)));
        assertThat(fixture.fill(ALICE, WEB)).hasSizeLessThan(5_000);
        Outcome outcome = fixture.nat.open(NatFixture.request(ALICE, WEB), 0);
        while (outcome instanceof Granted) {
            outcome = fixture.nat.open(NatFixture.request(ALICE, WEB), 0);
        }
        Outcome.Refused refused = (Outcome.Refused) outcome;
        assertThat(refused.reason()).isEqualTo(Refusal.SEARCH_GAVE_UP);
        assertThat(refused.why().free()).isPositive();
        assertThat(refused.why().text()).endsWith("would be granted with port-selection: uniform");
    }

    private static PoolConfig preferring(PortPreference preference) {
        return pool(1, 20).withSelection(new SelectionConfig(PortSelection.UNIFORM, preference));
    }

    private static int port(NatFixture fixture, int clientPort) {
        FlowRequest request =
                new FlowRequest("main", ALICE, new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), clientPort), WEB);
        return ((Granted) fixture.nat.open(request, 0)).binding().external().port();
    }
}
