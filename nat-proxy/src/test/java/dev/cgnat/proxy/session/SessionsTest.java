package dev.cgnat.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.SyntheticSessions;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.testing.Proxies;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final SyntheticSessions flows = new SyntheticSessions(
            new NatGate(NatConfig.of(Proxies.pool("127.0.1.1", "127.0.1.8", 20_000, 59_999)), clock.eventLoop()),
            clock.eventLoop());
    private final Sessions sessions = new Sessions(Sessions.Watcher.none());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithATreeForAnySequence(long seed) {
        Random random = new Random(seed);
        TreeMap<Long, Session> model = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            if (model.isEmpty() || random.nextInt(100) < 55) {
                Session session = flows.open("s" + i % 7);
                sessions.add(session);
                model.put(session.id(), session);
            } else {
                Long id = model.ceilingKey((long) random.nextInt(i + 1));
                Session gone = Objects.requireNonNull(model.remove(id == null ? model.firstKey() : id));
                sessions.remove(gone, CloseCause.RESET);
                flows.close(gone);
            }
            assertThat(sessions.size()).isEqualTo(model.size());
        }
        long middle = 1_000;
        assertThat(ascending(0)).containsExactlyElementsOf(model.values());
        assertThat(ascending(middle))
                .containsExactlyElementsOf(model.tailMap(middle, true).values());
        List<Session> descending = new ArrayList<>();
        sessions.descend(middle, descending::add);
        assertThat(descending)
                .containsExactlyElementsOf(
                        model.headMap(middle, true).descendingMap().values());
        for (long id = 0; id < 2_000; id++) {
            assertThat(sessions.find(id).orElse(null)).isSameAs(model.get(id));
        }
    }

    /** Two threads come and go on the same shelves while a third looks: who stays is seen each time, and at the end nobody is left. */
    @Test
    void whoStaysIsSeenWhileOthersComeAndGo() throws Exception {
        List<Session> stay = new ArrayList<>();
        List<Session> come = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            (i % 100 == 0 ? stay : come).add(flows.open("s"));
        }
        stay.forEach(sessions::add);
        @SuppressWarnings("UnnecessaryAsync") // the threads below read it
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch ready = new CountDownLatch(2);
        List<Thread> threads = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            int offset = half;
            Thread thread = new Thread(() -> {
                ready.countDown();
                for (int i = offset; i < come.size(); i += 2) {
                    sessions.add(come.get(i));
                    sessions.remove(come.get(i), CloseCause.RESET);
                }
            });
            threads.add(thread);
            thread.start();
        }
        ready.await();
        while (!over.get()) {
            over.set(threads.stream().noneMatch(Thread::isAlive));
            assertThat(ascending(0)).containsAll(stay);
        }
        assertThat(ascending(0)).containsExactlyElementsOf(stay);
        assertThat(sessions.size()).isEqualTo(stay.size());
    }

    private List<Session> ascending(long first) {
        List<Session> seen = new ArrayList<>();
        sessions.ascend(first, seen::add);
        return seen;
    }
}
