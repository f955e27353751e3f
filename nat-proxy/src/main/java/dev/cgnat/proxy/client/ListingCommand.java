package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that shows something once, or again and again. */
abstract class ListingCommand extends ClientCommand {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = "--watch",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Again each time that this has passed, such as 1s, until interrupted. 100ms to 1h.")
    private Optional<Duration> watch = Optional.empty();

    @SuppressWarnings("SystemConsoleNull") // later Javas may clear what is no terminal, by a few bytes
    @Override
    final int run(ApiClient api) throws ClientException, InterruptedException {
        OutputOptions.Settings settings = output.settings();
        if (watch.isEmpty()) {
            return show(api, settings);
        }
        DurationConverter.requireBetween("--watch", watch.get(), Duration.ofMillis(100), Duration.ofHours(1));
        OutputOptions.Settings current = settings;
        while (true) {
            if (settings.format().isForPeople() && System.console() != null) {
                out().print(CLEAR);
            }
            show(api, current);
            if (out().checkError()) {
                return ExitCodes.OK; // whoever read it has gone
            }
            if (settings.format() == Format.CSV) {
                current = settings.withoutHeaders();
            }
            TimeUnit.MILLISECONDS.sleep(watch.get().toMillis());
        }
    }

    /** Asks once and prints. */
    abstract int show(ApiClient api, OutputOptions.Settings settings) throws ClientException, InterruptedException;

    /** Prints a list that came whole. */
    final void print(List<Column> columns, List<JsonNode> rows, OutputOptions.Settings settings) {
        ListWriter list = new ListWriter(columns, settings, out());
        list.add(rows);
        finish(list);
    }

    /** Tells whoever looks at {@code pool} while its alarm is raised what to ask next. */
    final void hintAlarm(JsonNode pool) {
        hint("pool " + pool.path("name").asString() + " runs full: natproxy diagnose tells why");
    }

    /** After the last page. */
    final void finish(ListWriter list) {
        list.end();
        if (!list.leftOut().isEmpty()) {
            hint("no room for " + String.join(", ", list.leftOut()) + "; -o wide shows every column");
        }
    }
}
