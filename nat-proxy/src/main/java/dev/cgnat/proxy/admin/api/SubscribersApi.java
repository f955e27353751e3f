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
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.egress.NatGate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** {@code /subscribers}: who has how much. */
public final class SubscribersApi implements ApiRoutes.Group {
    /** Subscribers that are looked at while flows wait; some 20 µs. */
    private static final int AT_ONCE = 512;

    private final NatGate gate;
    private final LiveConfig config;

    public SubscribersApi(NatGate gate, LiveConfig config) {
        this.gate = gate;
        this.config = config;
    }

    /** One subscriber; {@code limits} has those that are set. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record View(String subscriber, int sessions, int ports, int blocks, Map<String, Integer> limits) {}

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/subscribers", call -> Answer.ok(list(call)));
    }

    private Listing<View> list(Call call) {
        call.allowing("sort", "limit", "cursor");
        Sort sort = Sort.of(call, "-ports", "ports", "sessions");
        TopPage<SubscriberState> page = new TopPage<>(sort, Cursor.of(call, sort.text()), Listing.limit(call));
        boolean isByPorts = sort.key().equals("ports");
        forEach(gate, state -> page.offer(isByPorts ? state.ports() : state.sessions(), state.number(), state));
        return page.toListing().map(this::view);
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

    /** Shows all subscribers, a few at a time while flows wait. */
    static void forEach(NatGate gate, Consumer<SubscriberState> action) {
        for (OptionalInt next = OptionalInt.of(0); next.isPresent(); ) {
            int from = next.getAsInt();
            Part<SubscriberState> part = gate.view(views -> views.subscribers(from, AT_ONCE));
            part.items().forEach(action);
            next = part.next();
        }
    }
}
