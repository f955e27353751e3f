package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.proxy.admin.events.EventHub;
import dev.cgnat.proxy.admin.events.EventType;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.control.DrainScope;
import dev.cgnat.proxy.control.Drains;
import dev.cgnat.proxy.egress.NatGate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /drain} and {@code /undrain}: keeps new flows from an address, a pool or everything. */
public final class DrainApi implements ApiRoutes.Group {
    private static final Duration LONGEST = Duration.ofDays(7);

    private final Drains drains;
    private final NatGate gate;
    private final EventHub hub;

    public DrainApi(Drains drains, NatGate gate, EventHub hub) {
        this.drains = drains;
        this.gate = gate;
        this.hub = hub;
    }

    /** What a body says. */
    record Order(Optional<String> scope, Optional<String> deadline) {}

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/drain", this::show).post("/drain", this::drain).post("/undrain", this::undrain);
    }

    private Answer show(Call call) {
        call.allowing();
        return Answer.ok(
                Map.of("drains", drains.progress().stream().map(DrainApi::view).toList()));
    }

    private Answer drain(Call call) {
        Order order = call.allowing().body(Order.class);
        DrainScope scope = scope(order);
        Optional<Duration> deadline = order.deadline().map(DrainApi::deadline);
        Drains.Progress begun = drains.begin(scope, deadline);
        tell("drain", scope);
        return Answer.accepted(view(begun));
    }

    private Answer undrain(Call call) {
        Order order = call.allowing().body(Order.class);
        DrainScope scope = scope(order);
        if (order.deadline().isPresent()) {
            throw Problem.badRequest("deadline: " + order.deadline().get() + " (expected: none)");
        }
        if (!drains.end(scope)) {
            throw Problem.notFound("scope: " + scope + " (expected: one that is drained)");
        }
        tell("undrain", scope);
        return Answer.ok(Map.of("scope", scope.toString()));
    }

    private void tell(String kind, DrainScope scope) {
        hub.publish(EventType.CONFIG, () -> Map.of("kind", kind, "detail", scope.toString()));
    }

    private DrainScope scope(Order order) {
        String text = order.scope()
                .orElseThrow(() -> Problem.badRequest("scope: missing (expected: all, pool:NAME or address:IP)"));
        try {
            return DrainScope.parse(
                    text,
                    gate.snapshot().pools().stream().map(PoolSnapshot::config).toList());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Duration deadline(String text) {
        try {
            Duration time = Call.parseDuration(text);
            if (time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("deadline: " + text + " " + e.getMessage());
        }
        throw Problem.badRequest("deadline: " + text + " (expected: 0s to 7d)");
    }

    private static Map<String, Object> view(Drains.Progress progress) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("scope", progress.scope().toString());
        keys.put("since", text(progress.since()));
        progress.deadline().ifPresent(deadline -> {
            keys.put("deadline", text(deadline));
            keys.put(
                    "secondsLeft",
                    Math.max(0, Duration.between(Instant.now(), deadline).toMillis() / 1e3));
        });
        keys.put("sessionsAtStart", progress.sessionsAtStart());
        keys.put("sessions", progress.sessions());
        keys.put("reset", progress.reset());
        keys.put("state", progress.sessions() == 0 ? "done" : "draining");
        return keys;
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
