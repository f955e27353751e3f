package dev.cgnat.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.SyntheticSessions;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TalkersTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final SyntheticSessions flows = new SyntheticSessions(
            new NatGate(NatConfig.of(Proxies.pool("127.0.1.1", 20_000, 59_999)), clock.eventLoop()), clock.eventLoop());
    private long nowNanos;
    private final Talkers talkers = new Talkers(() -> nowNanos);
    private final Sessions sessions = new Sessions(talkers);

    @Test
    void bytesAreCountedOnceWhetherTheFlowGoesOnOrEnds() {
        Session session = flows.open("alice");
        sessions.add(session);
        ((SyntheticSessions.Stage) session.stage()).carried(100);
        talkers.sweep(sessions);
        talkers.sweep(sessions);
        ((SyntheticSessions.Stage) session.stage()).carried(130);
        sessions.remove(session, CloseCause.RESET);

        assertThat(talkers.top(Talkers.By.BYTES, Talkers.STEP, 5))
                .singleElement()
                .satisfies(talker -> {
                    assertThat(talker.value()).isEqualTo(130);
                    assertThat(talker.error()).isZero();
                });
        assertThat(talkers.top(Talkers.By.NEW, Talkers.STEP, 5))
                .singleElement()
                .satisfies(talker -> assertThat(talker.value()).isOne());
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        count("alice", 2);
        nowNanos = Duration.ofSeconds(30).toNanos();
        count("bob", 1);

        assertThat(talkers.top(Talkers.By.NEW, Duration.ofSeconds(60), 5))
                .extracting(talker -> talker.subscriber().name())
                .containsExactly("alice", "bob");
        assertThat(talkers.top(Talkers.By.NEW, Duration.ofSeconds(20), 5))
                .extracting(talker -> talker.subscriber().name())
                .containsExactly("bob");
        nowNanos = Duration.ofMinutes(20).toNanos();
        assertThat(talkers.top(Talkers.By.NEW, Talkers.LONGEST, 5)).isEmpty();
    }

    private void count(String subscriber, int times) {
        for (int i = 0; i < times; i++) {
            Session session = flows.open(subscriber);
            sessions.add(session);
            sessions.remove(session, CloseCause.RESET);
        }
    }
}
