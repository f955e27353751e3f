package dev.cgnat.proxy.admin.api;

import dev.cgnat.proxy.admin.events.EventHub;
import dev.cgnat.proxy.admin.events.EventType;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /events}: tells what happens, as server-sent events.
 *
 * <p>Ten times a second a reader is given what came since, if its connection has room; nothing waits for it in memory but one batch.
 * Whoever has no room for ten seconds is let go.
 */
public final class EventsApi implements ApiRoutes.Group {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int TICKS_WITHOUT_ROOM = 100;
    private static final int TICKS_OF_SILENCE = 150;
    private static final int BATCH = 500;
    private static final Set<EventType> USUAL =
            EnumSet.of(EventType.SAMPLE, EventType.BLOCK, EventType.ALARM, EventType.CONFIG);
    private static final Logger LOG = LoggerFactory.getLogger(EventsApi.class);

    private final EventHub hub;
    private final JsonMapper json = new JsonMapper();

    public EventsApi(EventHub hub) {
        this.hub = hub;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.stream("/events", this::stream);
    }

    private Publisher<Void> stream(HttpServerRequest request, HttpServerResponse response) {
        Reader reader;
        try {
            Call call = new Call(Map.of(), request.uri(), request.requestHeaders(), new byte[0])
                    .allowing("types", "lastEventId");
            Set<EventType> types = call.query("types", EventsApi::types).orElse(USUAL);
            reader = new Reader(types, from(call));
        } catch (Problem problem) {
            return ApiRoutes.refuse(request, response, problem.status(), String.valueOf(problem.getMessage()));
        }
        response.sse().header(HttpHeaderNames.CACHE_CONTROL, "no-store").header("X-Content-Type-Options", "nosniff");
        if (request.method().equals(HttpMethod.HEAD)) {
            return response.send();
        }
        request.withConnection(connection -> reader.room = connection.channel()::isWritable);
        Flux<ByteBuf> batches = Flux.interval(Duration.ZERO, TICK)
                .onBackpressureDrop()
                .takeUntil(tick -> reader.hasNoRoomFor(TICKS_WITHOUT_ROOM))
                .concatMap(tick -> Flux.fromIterable(reader.next().map(Set::of).orElse(Set.of())), 1)
                .map(text -> Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
                .cast(ByteBuf.class);
        return response.send(batches, buffer -> true);
    }

    private long from(Call call) {
        String header = call.header("Last-Event-ID");
        Optional<String> text = header.isEmpty() ? call.query("lastEventId") : Optional.of(header);
        if (text.isEmpty()) {
            return hub.lastId();
        }
        if (!text.get().matches("\\d{1,18}")) {
            throw Problem.badRequest("Last-Event-ID: " + text.get() + " (expected: the id of an event)");
        }
        long id = Long.parseLong(text.get());
        return id > hub.lastId() ? 0 : id; // of a time before a restart
    }

    private static Set<EventType> types(String text) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (String word : text.split(",", -1)) {
            types.add(Call.word(EventType.class, word));
        }
        return types;
    }

    /** One who reads. Of the thread that ticks for it. */
    private final class Reader {
        private final Set<EventType> types;
        private long lastId;
        private volatile BooleanSupplier room = () -> true;
        private int ticksWithoutRoom;
        private int ticksOfSilence;

        private Reader(Set<EventType> types, long lastId) {
            this.types = types;
            this.lastId = lastId;
        }

        boolean hasNoRoomFor(int ticks) {
            if (ticksWithoutRoom >= ticks) {
                LOG.info("a reader of events is let go, as it does not keep up");
            }
            return ticksWithoutRoom >= ticks;
        }

        /** What to send, empty if nothing; at first a comment, so that the reader knows that it is heard. */
        Optional<String> next() {
            boolean hasRoom = room.getAsBoolean();
            ticksWithoutRoom = hasRoom ? 0 : ticksWithoutRoom + 1;
            if (!hasRoom) {
                return Optional.empty();
            }
            EventHub.Since since = hub.since(lastId, types, BATCH);
            lastId = since.lastId();
            StringBuilder text = new StringBuilder();
            if (since.hasGap()) {
                text.append("event: gap\ndata: {}\n\n");
            }
            for (EventHub.Event event : since.events()) {
                text.append("id: ")
                        .append(event.id())
                        .append("\nevent: ")
                        .append(event.type().label())
                        .append("\ndata: ")
                        .append(json.writeValueAsString(event.data().get()))
                        .append("\n\n");
            }
            if (text.length() == 0 && ticksOfSilence++ % TICKS_OF_SILENCE == 0) {
                text.append(":\n\n");
            } else if (text.length() > 0) {
                ticksOfSilence = 1;
            }
            return text.length() == 0 ? Optional.empty() : Optional.of(text.toString());
        }
    }
}
