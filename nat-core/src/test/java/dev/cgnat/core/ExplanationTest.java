package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.request;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.config.SelectionConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A refusal says what was found, and the change that it names is really enough. */
class ExplanationTest {
    private static final PoolConfig RESTING = pool(1, 4).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60)));

    @Test
    void aRefusalCountsWhatItFoundAtTheAddress() {
        NatFixture fixture = new NatFixture(RESTING);
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        fixture.close(bindings.get(0), CloseCause.IDLE, 0);
        fixture.nat.setAsideSlot(bindings.get(1), 0);
        Refused refused = refused(fixture, BOB, 1);
        assertThat(refused.why().text())
                .isEqualTo(FIRST + ": 4 slots, 2 live, 1 held, 1 reserved, 0 free;"
                        + " would be granted with a shorter hold-down, or waiting for the first resting slot");
        assertThat(refused.notBeforeNanos()).isEqualTo(seconds(60));
        assertThat(refused.windowsEvent()).hasValue(4231);
    }

    @Test
    void theChangeThatIsNamedIsEnough() {
        LimitConfig none = LimitConfig.defaults();
        enough(
                pool(1, 4),
                none.withSessionsPerSubscriber(2),
                "limits.sessions-per-subscriber: 3",
                pool(1, 4),
                none.withSessionsPerSubscriber(3));
        enough(
                pool(1, 4),
                none.withPortsPerSubscriber(2),
                "limits.ports-per-subscriber: 3",
                pool(1, 4),
                none.withPortsPerSubscriber(3));
        enough(
                pool(1, 4),
                none.withSessionsPerDestination(2),
                "limits.sessions-per-destination: 3",
                pool(1, 4),
                none.withSessionsPerDestination(3));
        enough(pool(1, 4), none, "one more external address or port", pool(1, 5), none);
        PoolConfig paired = pool(2, 4).withPooling(Pooling.PAIRED);
        enough(
                paired,
                none,
                "paired-overflow: spill",
                paired.withPooling(PoolingConfig.defaults().withOverflow(PairedOverflow.SPILL)),
                none);
        PoolConfig vpp = pool(1, 5_000).withSelection(new SelectionConfig(PortSelection.VPP, PortPreference.NONE));
        enough(vpp, none, "port-selection: uniform", vpp.withSelection(SelectionConfig.defaults()), none);
    }

    @Test
    void windowsCallsAPickThatRestsUsedTooRecently() {
        NatFixture fixture = new NatFixture(pool(1, 5_000)
                .withReuseScope(ReuseScope.HOST)
                .withSelection(new SelectionConfig(PortSelection.VPP, PortPreference.NONE))
                .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60))));
        fixture.fill(ALICE, WEB).forEach(binding -> fixture.close(binding, CloseCause.CLIENT_FIN, 1));
        Outcome outcome = fixture.nat.open(request(ALICE, WEB), seconds(1));
        while (outcome instanceof Granted granted) {
            fixture.nat.close(granted.binding(), CloseCause.CLIENT_FIN, seconds(1));
            outcome = fixture.nat.open(request(ALICE, WEB), seconds(1));
        }
        Refused refused = (Refused) outcome;
        assertThat(refused.reason()).isEqualTo(Refusal.SEARCH_GAVE_UP);
        assertThat(refused.isPickHeld()).isTrue();
        assertThat(refused.windowsEvent()).hasValue(4227);
    }

    /** Fills under the first configuration; as many flows and one more fit under the second. */
    private static void enough(
            PoolConfig pool, LimitConfig limits, String change, PoolConfig after, LimitConfig limitsAfter) {
        NatFixture fixture = new NatFixture(new NatConfig(List.of(pool), limits));
        int filled = fixture.fill(ALICE, WEB).size();
        assertThat(refused(fixture, ALICE, 0).why().text()).endsWith("would be granted with " + change);
        NatFixture changed = new NatFixture(new NatConfig(List.of(after), limitsAfter));
        assertThat(changed.fill(ALICE, WEB)).hasSizeGreaterThan(filled);
    }

    private static Refused refused(NatFixture fixture, Subscriber subscriber, double seconds) {
        Outcome outcome = fixture.nat.open(request(subscriber, WEB), seconds(seconds));
        while (outcome instanceof Granted) {
            outcome = fixture.nat.open(request(subscriber, WEB), seconds(seconds));
        }
        return (Refused) outcome;
    }
}
