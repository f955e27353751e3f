package dev.cgnat.proxy.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private static final Set<EventType> ALL = EnumSet.allOf(EventType.class);

    private final EventHub hub = new EventHub();

    @Test
    void eventsOfAllKindsComeInTheirOrder() {
        hub.publish(EventType.ALARM, () -> Map.of("kind", "raised"));
        hub.publish(EventType.SAMPLE, () -> Map.of("sessions", 1));
        hub.publish(EventType.CONFIG, () -> Map.of("kind", "changed"));

        EventHub.Since since = hub.since(0, ALL, 10);
        assertThat(since.events()).extracting(EventHub.Event::id).containsExactly(1L, 2L, 3L);
        assertThat(since.hasGap()).isFalse();
        assertThat(hub.since(since.lastId(), ALL, 10).events()).isEmpty();
        assertThat(hub.since(1, EnumSet.of(EventType.CONFIG), 10).events())
                .singleElement()
                .satisfies(event -> assertThat(event.data().get()).containsKeys("at", "kind"));
    }

    @Test
    void pageEndsWhereItIsFull() {
        for (int i = 0; i < 5; i++) {
            hub.publish(EventType.ALARM, Map::of);
        }
        EventHub.Since first = hub.since(0, ALL, 3);
        assertThat(first.lastId()).isEqualTo(3);
        assertThat(hub.since(first.lastId(), ALL, 3).events())
                .extracting(EventHub.Event::id)
                .containsExactly(4L, 5L);
    }

    @Test
    void whoComesTooLateIsToldSoAndHasTheLatest() {
        int more = EventType.ALARM.kept() + 5;
        hub.publish(EventType.CONFIG, Map::of);
        for (int i = 0; i < more; i++) {
            hub.publish(EventType.ALARM, Map::of);
        }
        EventHub.Since late = hub.since(1, EnumSet.of(EventType.ALARM), 10_000);
        assertThat(late.hasGap()).isTrue();
        assertThat(late.events()).hasSize(EventType.ALARM.kept());
        assertThat(hub.since(1, EnumSet.of(EventType.CONFIG), 10).hasGap()).isFalse();
        assertThat(hub.since(hub.lastId() - 2, EnumSet.of(EventType.ALARM), 10).hasGap())
                .isFalse();
    }
}
