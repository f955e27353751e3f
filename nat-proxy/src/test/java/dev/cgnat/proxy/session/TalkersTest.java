package dev.cgnat.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.SyntheticSessions;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.testing.Proxies;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

        assertThat(talkers.subscribers(Talkers.By.BYTES, Talkers.STEP, 5))
                .singleElement()
                .satisfies(talker -> {
                    assertThat(talker.value()).isEqualTo(130);
                    assertThat(talker.error()).isZero();
                });
        assertThat(talkers.subscribers(Talkers.By.NEW, Talkers.STEP, 5))
                .singleElement()
                .satisfies(talker -> assertThat(talker.value()).isOne());
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        count("alice", 2);
        nowNanos = Duration.ofSeconds(30).toNanos();
        count("bob", 1);

        assertThat(talkers.subscribers(Talkers.By.NEW, Duration.ofSeconds(60), 5))
                .extracting(talker -> talker.who().name())
                .containsExactly("alice", "bob");
        assertThat(talkers.subscribers(Talkers.By.NEW, Duration.ofSeconds(20), 5))
                .extracting(talker -> talker.who().name())
                .containsExactly("bob");
        nowNanos = Duration.ofMinutes(20).toNanos();
        assertThat(talkers.subscribers(Talkers.By.NEW, Talkers.LONGEST, 5)).isEmpty();
    }

    @Test
    void windowIsNeverShorterThanAsked() {
        for (Duration window : List.of(Talkers.STEP, Talkers.LONGEST)) {
            nowNanos += Talkers.LONGEST.multipliedBy(2).toNanos() - 1; // the last moment of a step
            count("alice", 1);
            nowNanos += window.toNanos();
            assertThat(talkers.subscribers(Talkers.By.NEW, window, 5))
                    .as("%s", window)
                    .hasSize(1);
            nowNanos++;
        }
    }

    @Test
    void destinationsAreToldByTheSameFlows() {
        List<Session> live = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) { // to a thousand destinations in turn
            Session session = flows.open("alice");
            sessions.add(session);
            ((SyntheticSessions.Stage) session.stage()).carried(i);
            live.add(session);
        }
        Endpoint first = live.get(0).binding().destination();

        assertThat(Talkers.destinations(sessions, 2)).first().isEqualTo(new Talkers.Talker<>(first, 2, 0));
        live.subList(0, 2).forEach(session -> sessions.remove(session, CloseCause.RESET));
        assertThat(Talkers.destinations(sessions, 1)).first().isNotEqualTo(new Talkers.Talker<>(first, 2, 0));

        assertThat(talkers.destinations(Talkers.By.NEW, Talkers.STEP, 5))
                .containsExactlyInAnyOrder(
                        new Talkers.Talker<>(first, 1, 0),
                        new Talkers.Talker<>(live.get(1).binding().destination(), 1, 0));
        assertThat(talkers.destinations(Talkers.By.BYTES, Talkers.STEP, 5))
                .containsExactly(new Talkers.Talker<>(live.get(1).binding().destination(), 1, 0));
    }

    private void count(String subscriber, int times) {
        for (int i = 0; i < times; i++) {
            Session session = flows.open(subscriber);
            sessions.add(session);
            sessions.remove(session, CloseCause.RESET);
        }
    }
}
