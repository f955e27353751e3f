package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code natproxy explain}: what would become of a flow, and why, without opening it. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Tell what would become of a flow, step by step. Nothing is opened or changed.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ExplainCommand extends ClientCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("POOL", "pool", Column.Kind.TEXT),
            Column.of("VERDICT", "verdict", Column.Kind.STATE),
            Column.of("REASON", "reason", Column.Kind.TEXT),
            Column.of("RETRY-AFTER", "retryAfterSeconds", Column.Kind.SECONDS),
            Column.of("REMEDY", "remedy", Column.Kind.TEXT),
            Column.of("STEPS", "steps", Column.Kind.TEXT));

    @Option(
            names = "--subscriber",
            paramLabel = "S",
            required = true,
            description = "Whom the limits count, as natproxy top names him.")
    private String subscriber;

    @Option(names = "--dest", paramLabel = "IP:PORT", required = true, description = "Where the flow would go.")
    private String destination;

    @Option(names = "--pool", paramLabel = "NAME", description = "The first pool if absent.")
    private Optional<String> pool = Optional.empty();

    @Option(
            names = "--listener",
            paramLabel = "NAME",
            description = "Through which it would come, which decides on the pool.")
    private Optional<String> listener = Optional.empty();

    @Option(
            names = "--internal",
            paramLabel = "IP:PORT",
            description = "Of the client; the subscriber's address if absent.")
    private Optional<String> internal = Optional.empty();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        Map<String, String> question = new LinkedHashMap<>();
        question.put("subscriber", subscriber);
        question.put("destination", destination);
        pool.ifPresent(name -> question.put("pool", name));
        listener.ifPresent(name -> question.put("listener", name));
        internal.ifPresent(endpoint -> question.put("internal", endpoint));
        JsonNode answer = api.post("/explain", question);
        OutputOptions.Settings settings = output.settings();
        if (!settings.format().isForPeople()) {
            Document.print(answer, COLUMNS, settings, out());
            return ExitCodes.OK;
        }
        String verdict = answer.path("verdict").asString();
        out().println(settings.palette().state(verdict.startsWith("granted") ? "granted" : verdict, verdict)
                + (answer.has("reason")
                        ? " (" + Column.printable(answer.path("reason").asString()) + ")"
                        : "")
                + ", pool " + Column.printable(answer.path("pool").asString()));
        int number = 1;
        for (JsonNode step : answer.path("steps")) {
            out().println("  " + number + ". " + Column.printable(step.asString()));
            number++;
        }
        if (answer.has("retryAfterSeconds")) {
            out().println("not before: "
                    + Column.seconds(answer.path("retryAfterSeconds").asDouble()) + " from now");
        }
        if (answer.has("remedy")) {
            out().println("remedy: " + Column.printable(answer.path("remedy").asString()));
        }
        out().flush();
        if (!verdict.startsWith("granted")) {
            hint("natproxy sessions subscriber " + subscriber
                    + " lists what is open already; natproxy diagnose looks at the whole");
        }
        return ExitCodes.OK;
    }
}
