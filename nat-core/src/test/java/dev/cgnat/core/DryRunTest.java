package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.request;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.core.DryRun.Step;
import dev.cgnat.core.DryRun.Verdict;
import dev.cgnat.core.Explanation.Remedy;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.SelectionConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DryRunTest {
    @Test
    void tellsEachLimitThenTheAddressThenWhatIsFreeThere() {
        LimitConfig limits = LimitConfig.defaults().withSessionsPerSubscriber(5).withPortsPerSubscriber(9);
        NatFixture fixture = new NatFixture(new NatConfig(
                List.of(NatFixture.pool(1, 4).withPooling(Pooling.PAIRED).withHoldDown(restOf(10))), limits));
        fixture.granted(ALICE, WEB, 0);
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.RESET, 1);
        assertThat(texts(fixture.nat.explain(request(ALICE, WEB), seconds(2))))
                .containsExactly(
                        "limits.sessions-per-subscriber: 1 of 5",
                        "limits.ports-per-subscriber: 2 of 9",
                        "pooling paired: keeps 127.0.1.1",
                        "127.0.1.1: 4 slots, 1 live, 1 held, 2 free");
    }

    @Test
    void stopsAtTheLimitThatIsReachedAndSaysWhichWouldDo() {
        LimitConfig limits = LimitConfig.defaults().withSessionsPerSubscriber(1);
        NatFixture fixture = new NatFixture(new NatConfig(List.of(NatFixture.pool(1, 4)), limits));
        fixture.granted(ALICE, WEB, 0);
        DryRun dryRun = fixture.nat.explain(request(ALICE, WEB), 0);
        assertThat(dryRun.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(dryRun.reason()).contains(Refusal.SESSION_LIMIT);
        assertThat(dryRun.why().remedy()).isEqualTo(Remedy.SESSIONS_PER_SUBSCRIBER);
        assertThat(dryRun.why().amount()).isEqualTo(2);
        assertThat(texts(dryRun)).containsExactly("limits.sessions-per-subscriber: 1 of 1, reached");
    }

    @Test
    void tellsWhenTheFirstRestingSlotIsFree() {
        NatFixture fixture = new NatFixture(NatFixture.pool(1, 1).withHoldDown(restOf(10)));
        fixture.close(fixture.granted(ALICE, WEB, 0), CloseCause.RESET, 1);
        DryRun dryRun = fixture.nat.explain(request(BOB, WEB), seconds(2));
        assertThat(dryRun.reason()).contains(Refusal.HELD);
        assertThat(dryRun.notBeforeNanos()).isEqualTo(seconds(11));
        assertThat(texts(dryRun)).containsExactly("127.0.1.1: 1 slots, 0 live, 1 held, 0 free");
    }

    @Test
    void tellsTheBlocksThatTheSubscriberHasAndTheFreeOneThatWouldBeLent() {
        PoolConfig pool = NatFixture.pool(1, 4).withBlocks(new PortBlockConfig(2, 2, BlockGrowth.ONE));
        NatFixture fixture = new NatFixture(pool);
        fixture.granted(ALICE, WEB, 0);
        fixture.granted(ALICE, WEB, 0);
        List<String> texts = texts(fixture.nat.explain(request(ALICE, WEB), 0));
        assertThat(texts.get(0)).isEqualTo("blocks.max-per-subscriber: 1 of 2");
        assertThat(texts.get(1)).endsWith(": 2 slots, 2 live, 0 held, 0 free");
        assertThat(texts.get(2)).contains("free block").endsWith(": 2 slots, 0 live, 0 held, 2 free");
        assertThat(fixture.snapshot().blocks().allocated()).isEqualTo(1);
    }

    @Test
    void promisesNothingForASearchThatMayGiveUp() {
        NatFixture fixture = new NatFixture(
                NatFixture.pool(1, 50).withSelection(new SelectionConfig(PortSelection.VPP, PortPreference.NONE)));
        assertThat(fixture.nat.explain(request(ALICE, WEB), 0).verdict()).isEqualTo(Verdict.GRANTED_IF_FOUND);
    }

    @Test
    void asksForAPoolThatThereIs() {
        NatFixture fixture = new NatFixture(NatFixture.pool(1, 1));
        FlowRequest elsewhere = new FlowRequest("other", ALICE, WEB, WEB);
        assertThatThrownBy(() -> fixture.nat.explain(elsewhere, 0)).hasMessageStartingWith("pool: other (expected: ");
    }

    private static HoldDownConfig restOf(int seconds) {
        return HoldDownConfig.same(Duration.ofSeconds(seconds));
    }

    private static List<String> texts(DryRun dryRun) {
        return dryRun.steps().stream().map(Step::text).toList();
    }
}
