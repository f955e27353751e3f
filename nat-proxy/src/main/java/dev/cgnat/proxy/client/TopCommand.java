package dev.cgnat.proxy.client;

import static dev.cgnat.proxy.client.Column.Kind.BYTES;
import static dev.cgnat.proxy.client.Column.Kind.COUNT;
import static dev.cgnat.proxy.client.Column.Kind.TEXT;

import dev.cgnat.proxy.ExitCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code natproxy top}: who uses most. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = "Show the subscribers that use most, or the destinations that most goes to.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class TopCommand extends ListingCommand {
    @Option(
            names = "--of",
            paramLabel = "WHOM",
            defaultValue = "subscribers",
            description = "subscribers or destinations; ${DEFAULT-VALUE} if absent.")
    private Of of;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = {
                "ports (of subscribers) or sessions, as they are now; new (sessions) or bytes, of the last --window.",
                "ports if absent, sessions for destinations."
            })
    private Optional<By> by = Optional.empty();

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "20",
            description = "So many, 1 to 100; ${DEFAULT-VALUE} if absent.")
    private int count;

    @Option(names = "--window", paramLabel = "DURATION", description = "10s to 5m, in steps of 10 s; 60s if absent.")
    private Optional<String> window = Optional.empty();

    private enum Of {
        SUBSCRIBERS,
        DESTINATIONS
    }

    private enum By {
        PORTS,
        SESSIONS,
        NEW,
        BYTES
    }

    @Override
    int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("of", of.name().toLowerCase(Locale.ROOT));
        by.ifPresent(what -> query.put("by", what.name().toLowerCase(Locale.ROOT)));
        query.put("n", Integer.toString(count));
        window.ifPresent(time -> query.put("window", time));
        JsonNode top = api.get("/top", query);
        List<JsonNode> rows = new ArrayList<>();
        top.path("items").forEach(rows::add);
        boolean isOfSubscribers = of == Of.SUBSCRIBERS;
        String who = isOfSubscribers ? "subscriber" : "destination";
        String what = top.path("by").asString();
        Column.Kind kind = what.equals("bytes") ? BYTES : COUNT;
        List<Column> columns = new ArrayList<>(List.of(
                Column.of(who.toUpperCase(Locale.ROOT), who, TEXT),
                Column.of(what.toUpperCase(Locale.ROOT), "value", kind)));
        if (!top.path("exact").asBoolean(true)) {
            columns.add(Column.of("AT-MOST-TOO-HIGH-BY", "error", kind));
        }
        print(columns, rows, settings);
        if (!rows.isEmpty()) {
            hint("natproxy sessions " + (isOfSubscribers ? "subscriber " : "dst ")
                    + rows.get(0).path(who).asString() + " lists the flows of the first");
        }
        return ExitCodes.OK;
    }
}
