package dev.cgnat.proxy.admin.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cgnat.core.NatViews.Part;
import dev.cgnat.core.NatViews.SubscriberState;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.proxy.admin.api.Listing.Cursor;
import dev.cgnat.proxy.admin.api.Listing.Sort;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.session.Talkers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** {@code /subscribers} and {@code /top}: who uses how much. */
public final class SubscribersApi implements ApiRoutes.Group {
    /** Subscribers that are looked at while flows wait; some 20 µs. */
    private static final int AT_ONCE = 512;

    private static final int MOST_TOP = 100;
    private static final int USUAL_TOP = 20;

    private final NatGate gate;
    private final LiveConfig config;
    private final Talkers talkers;

    public SubscribersApi(NatGate gate, LiveConfig config, Talkers talkers) {
        this.gate = gate;
        this.config = config;
        this.talkers = talkers;
    }

    /** One subscriber; {@code limits} has those that are set. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record View(String subscriber, int sessions, int ports, int blocks, Map<String, Integer> limits) {}

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/subscribers", call -> Answer.ok(list(call))).get("/top", call -> Answer.ok(top(call)));
    }

    private Listing<View> list(Call call) {
        call.allowing("sort", "limit", "cursor");
        Sort sort = Sort.of(call, "-ports", "ports", "sessions");
        TopPage<SubscriberState> page = new TopPage<>(sort, Cursor.of(call, sort.text()), Listing.limit(call));
        boolean isByPorts = sort.key().equals("ports");
        forEach(state -> page.offer(isByPorts ? state.ports() : state.sessions(), state.number(), () -> state));
        Listing<SubscriberState> found = page.toListing();
        return new Listing<>(
                found.items().stream().map(this::view).toList(), found.nextCursor(), found.approximateTotal());
    }

    private View view(SubscriberState state) {
        LimitConfig limits = config.get().nat().limits();
        return new View(
                state.subscriber().name(),
                state.sessions(),
                state.ports(),
                gate.view(views -> views.blocksOf(state.subscriber())),
                limits(limits));
    }

    /** Those of subscribers that are set. */
    static Map<String, Integer> limits(LimitConfig limits) {
        Map<String, Integer> set = new LinkedHashMap<>();
        put(set, "sessionsPerSubscriber", limits.sessionsPerSubscriber());
        put(set, "portsPerSubscriber", limits.portsPerSubscriber());
        put(set, "newPerSecondPerSubscriber", limits.newPerSecondPerSubscriber());
        put(set, "sessionsPerDestination", limits.sessionsPerDestination());
        put(set, "portsPerDestination", limits.portsPerDestination());
        return set;
    }

    private static void put(Map<String, Integer> set, String name, int limit) {
        if (limit != LimitConfig.NONE) {
            set.put(name, limit);
        }
    }

    private Map<String, Object> top(Call call) {
        call.allowing("by", "window", "n");
        String by = call.query("by").orElse("ports");
        int count = call.number("n", 1, MOST_TOP).orElse(USUAL_TOP);
        Duration window = call.query("window", SubscribersApi::window).orElse(Duration.ofMinutes(1));
        List<Talkers.Talker> found = switch (by) {
            case "ports", "sessions" -> now(by, count);
            case "new", "bytes" -> talkers.top(Call.word(Talkers.By.class, by), window, count);
            default -> throw Problem.badRequest("by: " + by + " (expected: ports, sessions, bytes or new)");
        };
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("by", by);
        if (by.equals("new") || by.equals("bytes")) {
            keys.put("windowSeconds", window.toSeconds());
        }
        keys.put(
                "items",
                found.stream()
                        .map(talker -> Map.of(
                                "subscriber",
                                talker.subscriber().name(),
                                "value",
                                talker.value(),
                                "error",
                                talker.error()))
                        .toList());
        keys.put("exact", found.stream().allMatch(talker -> talker.error() == 0));
        return keys;
    }

    private List<Talkers.Talker> now(String by, int count) {
        boolean isByPorts = by.equals("ports");
        TopPage<SubscriberState> page = new TopPage<>(new Sort("-" + by, by, true), Optional.empty(), count);
        forEach(state -> page.offer(isByPorts ? state.ports() : state.sessions(), state.number(), () -> state));
        return page.toListing().items().stream()
                .map(state -> new Talkers.Talker(state.subscriber(), isByPorts ? state.ports() : state.sessions(), 0))
                .toList();
    }

    private void forEach(Consumer<SubscriberState> action) {
        for (OptionalInt next = OptionalInt.of(0); next.isPresent(); ) {
            int from = next.getAsInt();
            Part<SubscriberState> part = gate.view(views -> views.subscribers(from, AT_ONCE));
            part.items().forEach(action);
            next = part.next();
        }
    }

    private static Duration window(String text) {
        Duration window = Call.parseDuration(text);
        if (window.compareTo(Talkers.STEP) < 0
                || window.compareTo(Talkers.LONGEST) > 0
                || window.toMillis() % Talkers.STEP.toMillis() != 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "(expected: %ds to %ds in steps of %ds)",
                    Talkers.STEP.toSeconds(),
                    Talkers.LONGEST.toSeconds(),
                    Talkers.STEP.toSeconds()));
        }
        return window;
    }
}
