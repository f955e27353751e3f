package dev.cgnat.proxy.admin.api;

import dev.cgnat.proxy.admin.api.Listing.Cursor;
import dev.cgnat.proxy.admin.api.Listing.Sort;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.control.DrainScope;
import dev.cgnat.proxy.control.Drains;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.transport.TcpInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** {@code /sessions}: lists, tells and ends live flows. */
public final class SessionsApi implements ApiRoutes.Group {
    private static final JsonMapper JSON = new JsonMapper();

    private final Sessions sessions;
    private final Drains drains;
    private final NatGate gate;

    public SessionsApi(Sessions sessions, Drains drains, NatGate gate) {
        this.sessions = sessions;
        this.drains = drains;
        this.gate = gate;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/sessions", call -> Answer.ok(list(call)))
                .delete("/sessions", this::killMatching)
                .get("/sessions/{id}", call -> Answer.ok(detail(find(call))))
                .delete("/sessions/{id}", this::kill);
    }

    private Listing<SessionView> list(Call call) {
        SessionFilter filter = SessionFilter.of(call, "sort", "limit", "cursor");
        Sort sort = Sort.of(call, "id", "age", "idle", "bytes", "bytesOut", "bytesIn");
        int limit = Listing.limit(call);
        Optional<Cursor> cursor = Cursor.of(call, sort.text());
        List<DrainScope> drained = drains.scopes();
        Listing<Session> page =
                sort.key().equals("id") ? byId(filter, sort, cursor, limit) : byKey(filter, sort, cursor, limit);
        return page.map(session -> SessionView.of(session, drained));
    }

    /** Stops where the page is full. */
    private Listing<Session> byId(SessionFilter filter, Sort sort, Optional<Cursor> cursor, int limit) {
        List<Session> page = new ArrayList<>();
        long[] looked = new long[1];
        boolean[] hasMore = new boolean[1];
        Predicate<Session> visitor = session -> {
            looked[0]++;
            if (filter.test(session)) {
                if (page.size() == limit) {
                    hasMore[0] = true;
                    return false;
                }
                page.add(session);
            }
            return true;
        };
        if (sort.isDescending()) {
            sessions.descend(cursor.map(last -> last.number() - 1).orElse(Long.MAX_VALUE), visitor);
        } else {
            sessions.ascend(cursor.map(last -> last.number() + 1).orElse(0L), visitor);
        }
        boolean isWhole = !hasMore[0] && cursor.isEmpty();
        long total = isWhole
                ? page.size()
                : filter.isEmpty()
                        ? sessions.size()
                        : Math.round((double) sessions.size() * page.size() / Math.max(1, looked[0]));
        Optional<String> next = hasMore[0]
                ? Optional.of(
                        new Cursor(sort.text(), 0, page.get(page.size() - 1).id()).text())
                : Optional.empty();
        return new Listing<>(page, next, total);
    }

    private Listing<Session> byKey(SessionFilter filter, Sort sort, Optional<Cursor> cursor, int limit) {
        ToLongFunction<Session> key = switch (sort.key()) {
            case "age" -> Session::ageNanos;
            case "idle" -> Session::idleNanos;
            case "bytesOut" -> session -> session.stage().bytesOut();
            case "bytesIn" -> session -> session.stage().bytesIn();
            default -> Session::bytes;
        };
        TopPage<Session> page = new TopPage<>(sort, cursor, limit);
        sessions.ascend(0, session -> {
            if (filter.test(session)) {
                page.offer(key.applyAsLong(session), session.id(), session);
            }
            return true;
        });
        return page.toListing();
    }

    private Map<String, Object> detail(Session session) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.putAll(JSON.convertValue(
                SessionView.of(session, drains.scopes()), new TypeReference<Map<String, Object>>() {}));
        long rest = Math.max(0, session.stage().idleLimitNanos() - session.idleNanos());
        keys.put(
                "expiresAt",
                Instant.now().plusNanos(rest).truncatedTo(ChronoUnit.MILLIS).toString());
        var subscriber = session.binding().subscriber();
        gate.view(views -> views.subscriber(subscriber))
                .ifPresent(use -> keys.put("subscriberUse", Map.of("sessions", use.sessions(), "ports", use.ports())));
        keys.put("blocksOfSubscriber", gate.view(views -> views.blocksOf(subscriber)));
        Map<String, Object> tcp = new LinkedHashMap<>();
        session.stage().client().flatMap(TcpInfo::of).ifPresent(info -> tcp.put("client", info));
        session.stage().outside().flatMap(TcpInfo::of).ifPresent(info -> tcp.put("outside", info));
        if (!tcp.isEmpty()) {
            keys.put("tcpInfo", tcp);
        }
        return keys;
    }

    private Answer kill(Call call) {
        Session session = find(call);
        session.kill();
        return Answer.accepted(Map.of("id", session.id()));
    }

    private Answer killMatching(Call call) {
        SessionFilter filter = SessionFilter.of(call, "max", "dryRun");
        if (filter.isEmpty()) {
            throw Problem.badRequest("filter: none (expected: at least one; to end everything, drain)");
        }
        int max = call.number("max", 1, Listing.MOST)
                .orElseThrow(() -> Problem.badRequest("max: missing (expected: 1 to " + Listing.MOST + ")"));
        List<Session> found = new ArrayList<>();
        boolean[] hasMore = new boolean[1];
        sessions.ascend(0, session -> {
            if (!filter.test(session)) {
                return true;
            }
            hasMore[0] = found.size() == max;
            if (!hasMore[0]) {
                found.add(session);
            }
            return !hasMore[0];
        });
        if (!call.truth("dryRun")) {
            found.forEach(Session::kill);
        }
        return Answer.accepted(Map.of("killed", found.size(), "more", hasMore[0]));
    }

    private Session find(Call call) {
        String text = call.allowing().path("id");
        if (!text.matches("\\d{1,18}")) {
            throw Problem.badRequest("id: " + text + " (expected: a whole number)");
        }
        return sessions.find(Long.parseLong(text))
                .orElseThrow(() -> Problem.notFound("session " + text + ": not live (expected: one of /sessions)"));
    }
}
