package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code natproxy kill}: ends sessions; both sides see a reset. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description =
                "End one session, or all that match a filter; both sides see a reset. Exit code 6 if there is none.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class KillCommand extends ClientCommand {
    private static final int MOST_AT_ONCE = 1000;

    @ArgGroup(multiplicity = "1")
    private Target target;

    @Option(names = "--yes", description = "End those that match --filter; without it they are only counted.")
    private boolean isSure;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many, 1 to 1000; ${DEFAULT-VALUE} if absent.")
    private int max;

    /** What ends. */
    static final class Target {
        @Parameters(
                paramLabel = "SESSION",
                arity = "1",
                description = "The id of a session, as natproxy sessions shows it.")
        private Optional<Long> session = Optional.empty();

        @Option(
                names = "--filter",
                paramLabel = "FILTER",
                required = true,
                description = "As of natproxy sessions, such as 'subscriber 10.0.0.5 and idlefor 1h'.")
        private Optional<String> filter = Optional.empty();
    }

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        if (target.session.isPresent()) {
            long id = target.session.get();
            api.delete("/sessions/" + id, Map.of());
            out().println("killed session " + id);
            out().flush();
            return ExitCodes.OK;
        }
        if (max < 1 || max > MOST_AT_ONCE) {
            throw ClientException.usage("--max: " + max + " (expected: 1 to " + MOST_AT_ONCE + ")");
        }
        Map<String, String> query = SessionQuery.parse(List.of(target.filter.orElse("")));
        if (query.isEmpty()) {
            throw ClientException.usage("--filter: none (expected: " + SessionQuery.TERMS + ")");
        }
        query.put("max", Integer.toString(max));
        if (!isSure) {
            query.put("dryRun", "true");
        }
        JsonNode answer = api.delete("/sessions", query);
        long count = answer.path("killed").asLong();
        String sessions = (answer.path("more").asBoolean(false) ? "the first " : "")
                + count
                + (count == 1 ? " session" : " sessions");
        if (count == 0) {
            throw new ClientException(ExitCodes.NOT_FOUND, "no session matches (expected: one of natproxy sessions)");
        }
        if (!isSure) {
            throw ClientException.usage(sessions + " would end (expected: --yes, to end them)");
        }
        out().println("killed " + sessions);
        out().flush();
        if (answer.path("more").asBoolean(false)) {
            progress("more match; the same command again ends them");
        }
        return ExitCodes.OK;
    }
}
