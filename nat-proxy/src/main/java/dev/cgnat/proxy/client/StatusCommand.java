package dev.cgnat.proxy.client;

import static dev.cgnat.proxy.client.Column.Kind.COUNT;
import static dev.cgnat.proxy.client.Column.Kind.RATIO;
import static dev.cgnat.proxy.client.Column.Kind.SECONDS;
import static dev.cgnat.proxy.client.Column.Kind.STATE;
import static dev.cgnat.proxy.client.Column.Kind.TEXT;

import dev.cgnat.proxy.ExitCodes;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code natproxy status}: whether all is well. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show whether the proxy is ready, and how busy it is.")
public final class StatusCommand extends ListingCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("STATUS", "status", STATE),
            Column.of("SESSIONS", "sessions", COUNT),
            Column.of("SESSION-LIMIT", "sessionLimit", COUNT),
            Column.of("SUBSCRIBERS", "subscribers", COUNT),
            Column.of("DRAINING", "draining", STATE),
            Column.of("UP", "uptimeSeconds", SECONDS),
            Column.of("VERSION", "version", TEXT),
            Column.wide("STARTED", "startedAt", TEXT),
            Column.wide("NOW", "now", TEXT),
            Column.wide("TRANSPORT", "transport", TEXT),
            Column.wide("READ-ONLY", "readOnly", TEXT),
            Column.wide("PROFILE", "config.profile", TEXT),
            Column.wide("SOURCE", "config.source", TEXT),
            Column.wide("HASH", "config.hash", TEXT),
            Column.wide("RELOADED", "config.lastReloadAt", TEXT),
            Column.wide("RELOAD-OK", "config.lastReloadOk", TEXT));
    private static final List<Column> POOLS = List.of(
            Column.of("POOL", "name", TEXT),
            Column.of("USED", "utilization", RATIO),
            Column.of("ALARM", "alarm", STATE));
    private static final List<Column> LISTENERS = List.of(
            Column.of("LISTENER", "name", TEXT),
            Column.of("TYPE", "type", TEXT),
            Column.of("BIND", "bind", TEXT),
            Column.of("POOL", "pool", TEXT));

    @Override
    int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException {
        JsonNode status = api.get("/status", Map.of());
        if (!settings.format().isForPeople()) {
            Document.print(status, COLUMNS, settings, out());
            return ExitCodes.OK;
        }
        print(COLUMNS, List.of(status), settings);
        for (JsonNode check : status.path("checks")) {
            if (!check.path("ok").asBoolean(false)) {
                out().println(settings.palette()
                        .state(
                                "failed",
                                Column.printable(check.path("name").asString() + ": "
                                        + check.path("reason").asString("failed"))));
            }
        }
        out().println();
        print(POOLS, status.path("pools").valueStream().toList(), settings);
        out().println();
        print(LISTENERS, status.path("listeners").valueStream().toList(), settings);
        for (JsonNode pool : status.path("pools")) {
            if (pool.path("alarm").asBoolean(false)) {
                hintAlarm(pool);
            }
        }
        return ExitCodes.OK;
    }
}
