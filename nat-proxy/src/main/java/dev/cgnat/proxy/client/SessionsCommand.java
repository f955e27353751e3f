package dev.cgnat.proxy.client;

import static dev.cgnat.proxy.client.Column.Kind.BYTES;
import static dev.cgnat.proxy.client.Column.Kind.COUNT;
import static dev.cgnat.proxy.client.Column.Kind.SECONDS;
import static dev.cgnat.proxy.client.Column.Kind.STATE;
import static dev.cgnat.proxy.client.Column.Kind.TEXT;

import dev.cgnat.proxy.ExitCodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code natproxy sessions}: the flows that live. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "List the flows that live. With a filter: natproxy sessions state established and dst :443",
        footer = "%nThe list is read while flows come and go: each line was true when it was read.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class SessionsCommand extends ListingCommand {
    static final List<Column> COLUMNS = List.of(
            Column.of("ID", "id", COUNT),
            Column.wide("POOL", "pool", TEXT),
            Column.wide("LISTENER", "listener", TEXT),
            Column.wide("SUBSCRIBER", "subscriber", TEXT),
            Column.of("INTERNAL", "internal", TEXT),
            Column.of("EXTERNAL", "external", TEXT),
            Column.of("DESTINATION", "destination", TEXT),
            Column.of("STATE", "state", STATE),
            Column.of("AGE", "ageSeconds", SECONDS),
            Column.of("IDLE", "idleSeconds", SECONDS),
            Column.of("OUT", "bytesOut", BYTES),
            Column.of("IN", "bytesIn", BYTES),
            Column.wide("EXPIRES", "expiresInSeconds", SECONDS),
            Column.wide("SINCE", "since", TEXT),
            Column.wide("DRAINING", "draining", TEXT));

    @Parameters(
            paramLabel = "FILTER",
            arity = "0..*",
            description = "Terms that must all hold: " + SessionQuery.TERMS
                    + ". A is an address, a prefix, IP:PORT or :PORT.")
    private List<String> filter = List.of();

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            defaultValue = "id",
            description = "id, age, idle, bytes, bytesOut or bytesIn; -KEY is descending, as --sort=-bytes.")
    private String sort;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many, 1 to 1000000; ${DEFAULT-VALUE} if absent.")
    private int limit;

    @Override
    int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException {
        Map<String, String> query = SessionQuery.parse(filter);
        query.put("sort", sort);
        Pages pages = new Pages(api, "/sessions", query, limit);
        ListWriter list = new ListWriter(COLUMNS, settings, out());
        pages.forEach(list::add);
        finish(list);
        Optional<Long> left = pages.left();
        if (left.isPresent()) {
            hint("these are " + limit + " of about " + left.get() + "; --limit N shows more");
        } else if (pages.count() == 0) {
            hint("no session matches; natproxy status tells how many there are");
        }
        return ExitCodes.OK;
    }
}
