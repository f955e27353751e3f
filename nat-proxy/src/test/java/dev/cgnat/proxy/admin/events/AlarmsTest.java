package dev.cgnat.proxy.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.config.AlarmConfig;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.SyntheticSessions;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final NatGate gate =
            new NatGate(NatConfig.of(Proxies.pool("127.0.1.1", 20_000, 20_999)), clock.eventLoop());
    private final SyntheticSessions flows = new SyntheticSessions(gate, clock.eventLoop());
    private final List<Session> live = new ArrayList<>();
    private final EventHub hub = new EventHub();
    private final Alarms alarms =
            new Alarms(() -> Map.of("main", new AlarmConfig(0.8, 0.7, Duration.ofMinutes(1))), hub);

    @Test
    void alarmIsRaisedAtOneThresholdAndClearedBelowAnother() {
        assertThat(kindsAt(799, 0)).isEmpty();
        assertThat(kindsAt(800, 1)).containsExactly("raised");
        assertThat(alarms.isRaised("main")).isTrue();
        assertThat(kindsAt(700, 2)).containsExactly("raised");
        assertThat(kindsAt(699, 3)).containsExactly("raised", "cleared");
        assertThat(alarms.isRaised("main")).isFalse();
    }

    @Test
    void poolAtTheBrinkIsToldOfOnceAnInterval() {
        kindsAt(800, 0);
        kindsAt(600, 1);
        assertThat(kindsAt(800, MINUTE - 1)).containsExactly("raised", "cleared");
        assertThat(kindsAt(800, MINUTE)).containsExactly("raised", "cleared", "raised");
    }

    /** What was told so far, after a look at a pool with that many flows. */
    private List<Object> kindsAt(int sessions, long nowNanos) {
        while (live.size() < sessions) {
            live.add(flows.open("s"));
        }
        while (live.size() > sessions) {
            flows.close(live.remove(live.size() - 1));
        }
        alarms.look(gate.snapshot(), nowNanos);
        return hub.since(0, EnumSet.of(EventType.ALARM), 100).events().stream()
                .map(event -> event.data().get().get("kind"))
                .toList();
    }
}
