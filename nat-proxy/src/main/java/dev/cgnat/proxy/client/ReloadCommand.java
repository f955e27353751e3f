package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code natproxy reload}: puts the configuration in force as its file says it now. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description =
                "Read the configuration again and put it in force; all of it or nothing. Exit code 3 if it is invalid, 1 if a "
                        + "change needs a restart.")
public final class ReloadCommand extends ClientCommand {
    private static final int INVALID = 422;
    private static final List<Column> COLUMNS = List.of(
            Column.of("PATH", "path", Column.Kind.TEXT),
            Column.of("FROM", "from", Column.Kind.TEXT),
            Column.of("TO", "to", Column.Kind.TEXT),
            Column.of("RESTART", "needsRestart", Column.Kind.STATE),
            Column.wide("REASON", "reason", Column.Kind.TEXT));

    @Option(names = "--dry-run", description = "Show the difference, change nothing.")
    private boolean isDryRun;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        ApiClient.Answer answer = api.post("/reload", "dryRun", Boolean.toString(isDryRun));
        JsonNode body = answer.body();
        if (answer.status() == INVALID) {
            body.path("errors").forEach(error -> err().println(Column.printable(position(error))));
        }
        if (!body.has("changes")) {
            throw api.refusal(answer);
        }
        body.path("warnings").forEach(warning -> err().println(Column.printable(warning.asString())));
        print(body);
        if (!answer.isOk()) {
            err().println(
                            "error: nothing was changed, as a change needs a restart (expected: only keys that can change at run time)");
            return ExitCodes.FAILED;
        }
        progress(
                body.path("applied").asBoolean(false)
                        ? "in force: " + body.path("hash").asString()
                        : "nothing was changed (--dry-run)");
        return ExitCodes.OK;
    }

    private void print(JsonNode body) {
        OutputOptions.Settings settings = output.settings();
        if (settings.format() == Format.JSON || settings.format() == Format.JSONL) {
            Document.print(body, COLUMNS, settings, out());
        } else if (settings.format() == Format.CSV || !body.path("changes").isEmpty()) {
            ListWriter list = new ListWriter(COLUMNS, settings, out());
            list.add(body.path("changes").valueStream().toList());
            list.end();
        } else {
            out().println("no difference");
            out().flush();
        }
    }

    private static String position(JsonNode error) {
        return error.path("file").asString("") + ":" + error.path("line").asString("") + ":"
                + error.path("column").asString("") + ": error: "
                + error.path("path").asString("") + ": "
                + error.path("message").asString("");
    }
}
