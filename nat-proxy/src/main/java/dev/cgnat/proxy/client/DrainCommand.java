package dev.cgnat.proxy.client;

import static dev.cgnat.proxy.client.Column.Kind.COUNT;
import static dev.cgnat.proxy.client.Column.Kind.SECONDS;
import static dev.cgnat.proxy.client.Column.Kind.STATE;
import static dev.cgnat.proxy.client.Column.Kind.TEXT;

import dev.cgnat.proxy.ExitCodes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code natproxy drain}: keeps new flows away, and tells how many still live. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description =
                "Let no new flow use an address, a pool or anything; what lives goes on until the deadline, and is then reset. "
                        + "Without --address, --pool and --all: show what is drained.")
public final class DrainCommand extends ClientCommand {
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final List<Column> COLUMNS = List.of(
            Column.of("SCOPE", "scope", TEXT),
            Column.of("STATE", "state", STATE),
            Column.of("SESSIONS", "sessions", COUNT),
            Column.of("AT-START", "sessionsAtStart", COUNT),
            Column.of("RESET", "reset", COUNT),
            Column.of("LEFT", "secondsLeft", SECONDS),
            Column.wide("SINCE", "since", TEXT),
            Column.wide("DEADLINE", "deadline", TEXT));

    @ArgGroup
    private @Nullable DrainScopeOptions scope;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            description = "Reset what still lives then, such as 5m; never if absent.")
    private Optional<String> deadline = Optional.empty();

    @Option(names = "--wait", description = "Until nothing lives there any more, with progress on stderr.")
    private boolean isWaiting;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        DrainScopeOptions drained = scope;
        if (drained == null) {
            if (isWaiting || deadline.isPresent()) {
                throw ClientException.usage("drain: nothing named (expected: --address IP, --pool NAME or --all)");
            }
            print(drains(api));
            return ExitCodes.OK;
        }
        Map<String, String> order = new LinkedHashMap<>();
        order.put("scope", drained.text());
        deadline.ifPresent(time -> order.put("deadline", time));
        JsonNode drain = api.post("/drain", order);
        if (isWaiting) {
            drain = await(api, drain);
        }
        print(List.of(drain));
        if (!isWaiting) {
            hint("natproxy drain shows how far it is; natproxy undrain takes it back");
        }
        return ExitCodes.OK;
    }

    private JsonNode await(ApiClient api, JsonNode begun) throws ClientException, InterruptedException {
        String name = begun.path("scope").asString();
        JsonNode drain = begun;
        long told = -1;
        while (!drain.path("state").asString().equals("done")) {
            long sessions = drain.path("sessions").asLong();
            if (sessions != told) {
                progress(name + ": " + sessions + " of "
                        + drain.path("sessionsAtStart").asLong() + " sessions live"
                        + (drain.has("secondsLeft")
                                ? ", "
                                        + Column.seconds(
                                                drain.path("secondsLeft").asDouble()) + " left"
                                : ""));
                told = sessions;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            drain = drains(api).stream()
                    .filter(one -> one.path("scope").asString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ClientException(
                            ExitCodes.FAILED, name + " is not drained any more: somebody took it back"));
        }
        return drain;
    }

    private static List<JsonNode> drains(ApiClient api) throws ClientException, InterruptedException {
        return api.get("/drain", Map.of()).path("drains").valueStream().toList();
    }

    private void print(List<JsonNode> rows) {
        ListWriter list = new ListWriter(COLUMNS, output.settings(), out());
        list.add(rows);
        list.end();
    }
}
