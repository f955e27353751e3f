package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code natproxy events}: what happened, and with {@code -f} what happens. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Print the events that the proxy remembers; with -f those to come, until interrupted.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class EventsCommand extends ClientCommand {
    private static final List<String> TYPES = List.of("sample", "session", "block", "alarm", "config");
    private static final String GAP = "gap";
    private static final String SAMPLE = "sample";
    private static final Set<String> TOLD_FIRST = Set.of("at", "kind");

    private final JsonMapper json = new JsonMapper();

    @Option(names = "-f", description = "Follow: print what happens from now on.")
    private boolean isFollowing;

    @Option(
            names = "--types",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "alarm,block,config",
            description =
                    "Of sample (one a second), session (kept only while somebody listens), block, alarm and config; "
                            + "${DEFAULT-VALUE} if absent.")
    private Set<String> types = Set.of();

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (a line each) or jsonl (an object a line); ${DEFAULT-VALUE} if absent.")
    private Format format;

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        for (String type : types) {
            if (!TYPES.contains(type)) {
                throw ClientException.usage("--types: " + type + " (expected: " + String.join(", ", TYPES) + ")");
            }
        }
        if (format != Format.TABLE && format != Format.JSONL) {
            throw ClientException.usage("-o: " + format + " (expected: table or jsonl)");
        }
        return isFollowing ? follow(api) : recall(api);
    }

    private int follow(ApiClient api) throws ClientException, InterruptedException {
        try (EventLines events = api.events(String.join(",", types), Optional.empty())) {
            for (Optional<EventLines.Event> event = events.next(); event.isPresent(); event = events.next()) {
                print(event.get());
                if (out().checkError()) {
                    return ExitCodes.OK; // whoever read it has gone
                }
            }
        }
        throw ClientException.unreachable("the proxy has ended the stream (expected: one that goes on; ask again)");
    }

    /** A stream has no end, but one sample a second: the first one of now tells that all before was told. */
    private int recall(ApiClient api) throws ClientException, InterruptedException {
        Instant now = Instant.parse(api.get("/status", Map.of()).path("now").asString());
        Set<String> asked = new LinkedHashSet<>(types);
        asked.add(SAMPLE);
        int count = 0;
        try (EventLines events = api.events(String.join(",", asked), Optional.of(0L))) {
            for (Optional<EventLines.Event> event = events.next(); event.isPresent(); event = events.next()) {
                JsonNode at = event.get().data().path("at");
                if (at.isString() && !Instant.parse(at.asString()).isBefore(now)) {
                    break;
                }
                if (types.contains(event.get().type())) {
                    print(event.get());
                    count++;
                }
            }
        }
        if (count == 0) {
            hint("nothing happened that is remembered; natproxy events -f waits for it");
        }
        return ExitCodes.OK;
    }

    private void print(EventLines.Event event) {
        if (event.type().equals(GAP)) {
            progress("some events are lost: they came faster than they were read");
            return;
        }
        out().println(format == Format.JSONL ? line(event) : text(event));
        out().flush();
    }

    private String line(EventLines.Event event) {
        return json.writeValueAsString(
                json.createObjectNode().put("type", event.type()).set("data", event.data()));
    }

    private static String text(EventLines.Event event) {
        JsonNode data = event.data();
        String rest = data.properties().stream()
                .filter(entry -> !TOLD_FIRST.contains(entry.getKey()))
                .map(entry -> entry.getKey() + "="
                        + (entry.getValue().isContainer()
                                ? entry.getValue().toString()
                                : entry.getValue().asString()))
                .collect(Collectors.joining(" "));
        return Column.printable(data.path("at").asString("-") + "  " + event.type() + " "
                + data.path("kind").asString("") + (data.has("kind") ? "  " : " ") + rest);
    }
}
