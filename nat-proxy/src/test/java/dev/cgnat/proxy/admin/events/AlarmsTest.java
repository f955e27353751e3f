package dev.cgnat.proxy.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.diagnose.Alarm;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private final EventHub hub = new EventHub();
    private final Alarms alarms = new Alarms(hub);

    @Test
    void alarmIsKnownUntilItIsCleared() {
        alarms.accept(new Alarm("main", Alarm.State.RAISED, 0.9));
        alarms.accept(new Alarm("main", Alarm.State.STILL_RAISED, 0.95));
        assertThat(alarms.isRaised("main")).isTrue();
        assertThat(alarms.isRaised("other")).isFalse();
        alarms.accept(new Alarm("main", Alarm.State.CLEARED, 0.1));
        assertThat(alarms.isRaised("main")).isFalse();
        assertThat(hub.since(0, EnumSet.of(EventType.ALARM), 10).events())
                .extracting(event -> event.data().get().get("kind"))
                .containsExactly("raised", "still_raised", "cleared");
    }
}
