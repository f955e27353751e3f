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
@Command(name = "top", mixinStandardHelpOptions = true, description = "Show the subscribers that use most.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class TopCommand extends ListingCommand {
    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "ports",
            description = "ports or sessions, as they are now; new (sessions) or bytes, of the last --window.")
    private By by;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "20",
            description = "So many, 1 to 100; ${DEFAULT-VALUE} if absent.")
    private int count;

    @Option(names = "--window", paramLabel = "DURATION", description = "10s to 5m, in steps of 10 s; 60s if absent.")
    private Optional<String> window = Optional.empty();

    private enum By {
        PORTS,
        SESSIONS,
        NEW,
        BYTES
    }

    @Override
    int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException {
        String what = by.name().toLowerCase(Locale.ROOT);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("by", what);
        query.put("n", Integer.toString(count));
        window.ifPresent(time -> query.put("window", time));
        JsonNode top = api.get("/top", query);
        List<JsonNode> rows = new ArrayList<>();
        top.path("items").forEach(rows::add);
        List<Column> columns = new ArrayList<>(List.of(
                Column.of("SUBSCRIBER", "subscriber", TEXT),
                Column.of(by.name(), "value", by == By.BYTES ? BYTES : COUNT)));
        if (!top.path("exact").asBoolean(true)) {
            columns.add(Column.of("AT-MOST-TOO-HIGH-BY", "error", by == By.BYTES ? BYTES : COUNT));
        }
        print(columns, rows, settings);
        if (!rows.isEmpty()) {
            hint("natproxy sessions subscriber "
                    + rows.get(0).path("subscriber").asString() + " lists the flows of the first");
        }
        return ExitCodes.OK;
    }
}
