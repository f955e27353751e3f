package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.NatViews.SubscriberState;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.admin.api.Listing.Sort;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.session.Talkers;
import dev.cgnat.proxy.session.Talkers.Talker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /top}: the subscribers that use most, and the destinations that most goes to. */
public final class TopApi implements ApiRoutes.Group {
    private static final int MOST = 100;
    private static final int USUAL = 20;
    private static final Set<String> OF_A_WINDOW = Set.of("new", "bytes");

    private final NatGate gate;
    private final Sessions sessions;
    private final Talkers talkers;

    public TopApi(NatGate gate, Sessions sessions, Talkers talkers) {
        this.gate = gate;
        this.sessions = sessions;
        this.talkers = talkers;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/top", call -> Answer.ok(top(call)));
    }

    private Map<String, Object> top(Call call) {
        call.allowing("of", "by", "window", "n");
        int count = call.number("n", 1, MOST).orElse(USUAL);
        Duration window = call.query("window", TopApi::window).orElse(Duration.ofMinutes(1));
        String of = call.query("of").orElse("subscribers");
        String by = call.query("by").orElse(of.equals("subscribers") ? "ports" : "sessions");
        return switch (of) {
            case "subscribers" -> answer(of, by, window, "subscriber", subscribers(by, window, count));
            case "destinations" -> answer(of, by, window, "destination", destinations(by, window, count));
            default -> throw Problem.badRequest("of: " + of + " (expected: subscribers or destinations)");
        };
    }

    private static <K> Map<String, Object> answer(
            String of, String by, Duration window, String one, List<Talker<K>> found) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("of", of);
        keys.put("by", by);
        if (OF_A_WINDOW.contains(by)) {
            keys.put("windowSeconds", window.toSeconds());
        }
        keys.put(
                "items",
                found.stream()
                        .map(talker -> PoolsApi.ordered(
                                one, talker.who().toString(), "value", talker.value(), "error", talker.error()))
                        .toList());
        keys.put("exact", found.stream().allMatch(talker -> talker.error() == 0));
        return keys;
    }

    private List<Talker<Subscriber>> subscribers(String by, Duration window, int count) {
        return switch (by) {
            case "ports", "sessions" -> now(by.equals("ports"), count);
            case "new", "bytes" -> talkers.subscribers(Call.word(Talkers.By.class, by), window, count);
            default -> throw Problem.badRequest("by: " + by + " (expected: ports, sessions, bytes or new)");
        };
    }

    private List<Talker<Endpoint>> destinations(String by, Duration window, int count) {
        return switch (by) {
            case "sessions" -> Talkers.destinations(sessions, count);
            case "new", "bytes" -> talkers.destinations(Call.word(Talkers.By.class, by), window, count);
            default -> throw Problem.badRequest("by: " + by + " (expected: sessions, bytes or new)");
        };
    }

    private List<Talker<Subscriber>> now(boolean isByPorts, int count) {
        TopPage<SubscriberState> page = new TopPage<>(new Sort("-use", "use", true), Optional.empty(), count);
        SubscribersApi.forEach(
                gate, state -> page.offer(isByPorts ? state.ports() : state.sessions(), state.number(), state));
        return page.toListing().items().stream()
                .map(state -> new Talker<>(state.subscriber(), isByPorts ? state.ports() : state.sessions(), 0))
                .toList();
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
