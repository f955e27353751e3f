package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code natproxy lookup}: whose an external endpoint is, as the running proxy knows it. */
@Command(
        name = "lookup",
        mixinStandardHelpOptions = true,
        description =
                "Tell who has an external address and port, or had it: of a running proxy, or from translation logs or a"
                        + " configuration alone. Exit code 6 if nobody.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class LookupCommand extends ClientCommand {
    @Parameters(paramLabel = "IP:PORT", description = "The external endpoint.")
    private String external;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Who had it then, by the translation log; RFC 3339, such as 2026-11-21T14:00:06Z.")
    private Optional<String> at = Optional.empty();

    @Mixin
    private PastOptions past = new PastOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        boolean isPast = at.isPresent() || past.areGiven();
        JsonNode answer = past.areGiven() ? offline() : live(api);
        OutputOptions.Settings settings = output.settings();
        List<JsonNode> holders =
                answer.path(isPast ? "records" : "sessions").valueStream().toList();
        boolean isBlock = answer.has("block");
        if (settings.format() == Format.JSON || settings.format() == Format.JSONL) {
            Document.print(answer, List.of(), settings, out());
        } else if (!holders.isEmpty() || settings.format() == Format.CSV) {
            ListWriter list = new ListWriter(isPast ? PAST : SessionsCommand.COLUMNS, settings, out());
            list.add(holders);
            list.end();
        } else if (isBlock) {
            out().println(Column.printable(
                    "no session, but ports " + answer.at("/block/ports").asString() + " are lent to "
                            + answer.at("/block/subscriber").asString()));
            out().flush();
        }
        if (holders.isEmpty() && !isBlock) {
            progress("nobody " + (isPast ? "had " : "has ") + external + ": "
                    + answer.path("state").asString("no record of it"));
            return ExitCodes.NOT_FOUND;
        }
        return ExitCodes.OK;
    }

    private JsonNode live(ApiClient api) throws ClientException, InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("external", external);
        at.ifPresent(time -> query.put("at", time));
        return api.get("/lookup", query);
    }

    private JsonNode offline() throws ClientException {
        PastOptions.Past found = past.find(external, at);
        found.remarks().forEach(this::progress);
        return found.answer();
    }

    private static final List<Column> PAST = List.of(
            Column.of("SUBSCRIBER", "subscriber", Column.Kind.TEXT),
            Column.of("INTERNAL", "internal", Column.Kind.TEXT),
            Column.of("DESTINATION", "destination", Column.Kind.TEXT),
            Column.of("FROM", "from", Column.Kind.TEXT),
            Column.of("UNTIL", "until", Column.Kind.TEXT),
            Column.of("SOURCE", "source", Column.Kind.TEXT));
}
