package dev.cgnat.proxy.admin.events;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.PortBlock;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.session.Sessions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last events of each kind. Who tells waits for nobody; who listens asks, and finds out what was lost if he asks too late.
 *
 * <p>Any thread may call. <b>Costs</b>: an event is an entry in a ring under a lock that is held for some 20 ns; what it says is put
 * into words by who reads it. Of sessions nothing is kept while nobody listens.
 */
public final class EventHub implements Sessions.Watcher {
    /** For so long after the last listener sessions are kept, so that he can come back. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<EventType, Ring> rings = new EnumMap<>(EventType.class);
    private volatile long sessionsUntilNanos = System.nanoTime();
    private long lastId;

    public EventHub() {
        for (EventType type : EventType.values()) {
            rings.put(type, new Ring(type.kept()));
        }
    }

    /** One event; {@code data} is what becomes JSON. */
    public record Event(long id, EventType type, Supplier<Map<String, Object>> data) {}

    /**
     * What came since.
     *
     * @param hasGap whether some of it is lost
     * @param lastId from where to go on
     */
    public record Since(List<Event> events, boolean hasGap, long lastId) {
        public Since {
            events = List.copyOf(events);
        }
    }

    /** Tells an event; {@code data} is asked by who reads it, on his thread, and gets {@code at} in front. */
    public void publish(EventType type, Supplier<Map<String, Object>> data) {
        long millis = System.currentTimeMillis();
        Supplier<Map<String, Object>> whole = () -> {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("at", Instant.ofEpochMilli(millis).toString());
            keys.putAll(data.get());
            return keys;
        };
        synchronized (rings) {
            ring(type).add(new Event(++lastId, type, whole));
        }
    }

    /** The number of the latest event. */
    public long lastId() {
        synchronized (rings) {
            return lastId;
        }
    }

    /** At most {@code limit} events of {@code types} after that number, in their order. Who asks for sessions will have them from now on. */
    public Since since(long id, Set<EventType> types, int limit) {
        if (types.contains(EventType.SESSION)) {
            sessionsUntilNanos = System.nanoTime() + LINGER_NANOS;
        }
        List<Event> found = new ArrayList<>();
        boolean hasGap = false;
        long last;
        synchronized (rings) {
            last = lastId;
            for (EventType type : types) {
                hasGap |= ring(type).lostId > id;
                ring(type).addSince(id, found);
            }
        }
        found.sort(Comparator.comparingLong(Event::id));
        if (found.size() > limit) {
            List<Event> some = found.subList(0, limit);
            return new Since(some, hasGap, some.get(limit - 1).id());
        }
        return new Since(found, hasGap, Math.max(last, id));
    }

    /** What the NAT tells, under its lock. */
    public void onNatEvent(NatEvent event) {
        if (event instanceof NatEvent.BlockAllocated allocated) {
            publish(EventType.BLOCK, () -> block("allocated", allocated.block()));
        } else if (event instanceof NatEvent.BlockReleased released) {
            publish(EventType.BLOCK, () -> block("released", released.block()));
        } else if (event instanceof NatEvent.Refused refused && isSessionWanted()) {
            publish(EventType.SESSION, () -> refused(refused));
        }
    }

    @Override
    public void opened(Session session) {
        if (isSessionWanted()) {
            publish(EventType.SESSION, () -> session("opened", session, new LinkedHashMap<>()));
        }
    }

    @Override
    public void closed(Session session, CloseCause cause) {
        if (isSessionWanted()) {
            long bytesOut = session.stage().bytesOut();
            long bytesIn = session.stage().bytesIn();
            double age = seconds(session.ageNanos());
            publish(EventType.SESSION, () -> {
                Map<String, Object> more = new LinkedHashMap<>();
                more.put("cause", cause.label());
                more.put("bytesOut", bytesOut);
                more.put("bytesIn", bytesIn);
                more.put("ageSeconds", age);
                return session("closed", session, more);
            });
        }
    }

    private boolean isSessionWanted() {
        return sessionsUntilNanos - System.nanoTime() > 0;
    }

    private static Map<String, Object> session(String kind, Session session, Map<String, Object> more) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("kind", kind);
        keys.put("id", session.id());
        keys.put("pool", session.binding().pool());
        keys.put("listener", session.listener());
        keys.put("subscriber", session.binding().subscriber().name());
        keys.put("internal", session.binding().internal().toString());
        keys.put("external", session.binding().external().toString());
        keys.put("destination", session.binding().destination().toString());
        keys.putAll(more);
        return keys;
    }

    private static Map<String, Object> refused(NatEvent.Refused refused) {
        FlowRequest request = refused.request();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("kind", "refused");
        keys.put("pool", request.pool());
        keys.put("subscriber", request.subscriber().name());
        keys.put("internal", request.internal().toString());
        keys.put("destination", request.destination().toString());
        keys.put("reason", refused.refused().reason().label());
        return keys;
    }

    private static Map<String, Object> block(String kind, PortBlock block) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("kind", kind);
        keys.put("pool", block.pool());
        keys.put("address", block.address().toString());
        keys.put("ports", block.ports().toString());
        keys.put("subscriber", block.subscriber().name());
        return keys;
    }

    static double seconds(long nanos) {
        return Math.round(nanos / 1e6) / 1e3;
    }

    private Ring ring(EventType type) {
        Ring ring = rings.get(type);
        if (ring == null) {
            throw new IllegalStateException("type: " + type + " (expected: one with a ring)");
        }
        return ring;
    }

    private static final class Ring {
        private final @Nullable Event[] events;
        private long count;
        /** The number of the last event that had to make room. */
        private long lostId;

        private Ring(int capacity) {
            events = new @Nullable Event[capacity];
        }

        void add(Event event) {
            int at = (int) (count % events.length);
            Event before = events[at];
            if (before != null) {
                lostId = before.id();
            }
            events[at] = event;
            count++;
        }

        void addSince(long id, List<Event> found) {
            for (long i = count - 1; i >= Math.max(0, count - events.length); i--) {
                Event event = events[(int) (i % events.length)];
                if (event == null || event.id() <= id) {
                    return;
                }
                found.add(event);
            }
        }
    }
}
