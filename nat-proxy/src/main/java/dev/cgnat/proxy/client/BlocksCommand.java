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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code natproxy blocks}: which blocks of ports are lent to whom. */
@Command(
        name = "blocks",
        mixinStandardHelpOptions = true,
        description = "List the blocks of ports that are lent, and to whom.")
public final class BlocksCommand extends ListingCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("BLOCK", "number", COUNT),
            Column.of("ADDRESS", "address", TEXT),
            Column.of("PORTS", "ports", TEXT),
            Column.of("SUBSCRIBER", "subscriber", TEXT),
            Column.of("STATE", "state", STATE),
            Column.of("LIVE", "live", COUNT),
            Column.of("RESTING", "resting", COUNT),
            Column.of("AGE", "ageSeconds", SECONDS),
            Column.wide("SIZE", "size", COUNT),
            Column.wide("SINCE", "since", TEXT));

    @Option(names = "--pool", paramLabel = "NAME", description = "Of that pool; not needed if there is only one.")
    private Optional<String> pool = Optional.empty();

    @Option(names = "--subscriber", paramLabel = "NAME", description = "Lent to that subscriber.")
    private Optional<String> subscriber = Optional.empty();

    @Option(names = "--address", paramLabel = "IP", description = "Of that external address.")
    private Optional<String> address = Optional.empty();

    @Option(names = "--state", paramLabel = "STATE", description = "in_use or held.")
    private Optional<String> state = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many, 1 to 1000000; ${DEFAULT-VALUE} if absent.")
    private int limit;

    @Override
    int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        subscriber.ifPresent(name -> query.put("subscriber", name));
        address.ifPresent(ip -> query.put("address", ip));
        state.ifPresent(word -> query.put("state", word));
        Pages pages = new Pages(api, PoolsCommand.path(api, pool) + "/blocks", query, limit);
        ListWriter list = new ListWriter(COLUMNS, settings, out());
        pages.forEach(list::add);
        finish(list);
        pages.left().ifPresent(total -> hint("these are " + limit + " of about " + total + "; --limit N shows more"));
        return ExitCodes.OK;
    }
}
