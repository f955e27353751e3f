package dev.cgnat.proxy.client;

import static dev.cgnat.proxy.client.Column.Kind.COUNT;
import static dev.cgnat.proxy.client.Column.Kind.RATIO;
import static dev.cgnat.proxy.client.Column.Kind.STATE;
import static dev.cgnat.proxy.client.Column.Kind.TEXT;

import dev.cgnat.proxy.ExitCodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code natproxy pools}: how full the pools are. */
@Command(
        name = "pools",
        mixinStandardHelpOptions = true,
        description = "Show how full the pools are, or the addresses of one (--addresses).")
public final class PoolsCommand extends ListingCommand {
    private static final int ALL = 1_000_000;
    private static final List<Column> POOLS = List.of(
            Column.of("POOL", "name", TEXT),
            Column.of("USED", "utilization", RATIO),
            Column.of("SESSIONS", "sessions", COUNT),
            Column.of("IN-USE", "ports.inUse", COUNT),
            Column.of("HELD", "ports.held", COUNT),
            Column.of("RESERVED", "ports.reserved", COUNT),
            Column.of("FREE", "ports.free", COUNT),
            Column.of("WAITING", "waiting", COUNT),
            Column.of("ALARM", "alarm.raised", STATE),
            Column.wide("PORTS", "capacity.ports", COUNT),
            Column.wide("SLOTS-TO-ONE", "capacity.slotsToOne", COUNT),
            Column.wide("SLOTS-PER-SUBSCRIBER", "capacity.slotsPerSubscriber", COUNT),
            Column.wide("ACTIVE", "addresses.active", COUNT),
            Column.wide("DRAINING", "addresses.draining", COUNT),
            Column.wide("DISABLED", "addresses.disabled", COUNT),
            Column.wide("BLOCKS-IN-USE", "blocks.inUse", COUNT),
            Column.wide("BLOCKS-FREE", "blocks.free", COUNT),
            Column.wide("MAPPINGS", "mappings", COUNT),
            Column.wide("DESTINATIONS", "destinations", COUNT),
            Column.wide("FULLEST-DESTINATION", "maxDestinationUtilization", RATIO),
            Column.wide("GRANTED", "granted", COUNT),
            Column.wide("REUSE-SCOPE", "reuseScope", TEXT),
            Column.wide("SELECTION", "portSelection", TEXT));
    private static final List<Column> ADDRESSES = List.of(
            Column.of("ADDRESS", "address", TEXT),
            Column.of("STATE", "state", STATE),
            Column.of("USED", "utilization", RATIO),
            Column.of("IN-USE", "ports.inUse", COUNT),
            Column.of("HELD", "ports.held", COUNT),
            Column.of("RESERVED", "ports.reserved", COUNT),
            Column.of("FREE", "ports.free", COUNT),
            Column.of("SUBSCRIBERS", "subscribers", COUNT),
            Column.of("BLOCKS", "blocks.lent", COUNT),
            Column.wide("REASONS", "reasons", TEXT));

    @Parameters(paramLabel = "POOL", arity = "0..1", description = "That pool alone.")
    private Optional<String> pool = Optional.empty();

    @Option(names = "--addresses", description = "The addresses of POOL, or of the only pool.")
    private boolean isOfAddresses;

    @Override
    int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException {
        if (isOfAddresses) {
            ListWriter list = new ListWriter(ADDRESSES, settings, out());
            new Pages(api, path(api, pool) + "/addresses", Map.of(), ALL).forEach(list::add);
            finish(list);
            return ExitCodes.OK;
        }
        List<JsonNode> rows = pool.isPresent()
                ? List.of(api.get(path(api, pool), Map.of()))
                : api.get("/pools", Map.of()).valueStream().toList();
        print(POOLS, rows, settings);
        rows.stream().filter(row -> row.at("/alarm/raised").asBoolean(false)).forEach(this::hintAlarm);
        return ExitCodes.OK;
    }

    /** Of the pool of that name, or of the only one. */
    static String path(ApiClient api, Optional<String> name) throws ClientException, InterruptedException {
        if (name.isPresent()) {
            return "/pools/" + ApiClient.escape(name.get());
        }
        List<String> names = api.get("/pools", Map.of())
                .valueStream()
                .map(pool -> pool.path("name").asString())
                .toList();
        if (names.size() != 1) {
            throw ClientException.usage("pool: none named (expected: one of " + String.join(", ", names) + ")");
        }
        return "/pools/" + ApiClient.escape(names.get(0));
    }
}
