package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code natproxy diagnose}: what ails the pools, on what evidence, and what would help. */
@Command(
        name = "diagnose",
        mixinStandardHelpOptions = true,
        description =
                "Tell what ails the pools: leak, churn, concurrency, a search that gives up, pairing, blocks, quota, or nothing of the NAT.")
public final class DiagnoseCommand extends ClientCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("POOL", "pool", Column.Kind.TEXT),
            Column.of("WINDOW", "windowSeconds", Column.Kind.SECONDS),
            Column.of("VERDICT", "verdict", Column.Kind.STATE),
            Column.of("SUMMARY", "summary", Column.Kind.TEXT),
            Column.of("REMEDY", "remedy", Column.Kind.TEXT),
            Column.of("EVIDENCE", "evidence", Column.Kind.TEXT));

    @Option(names = "--pool", paramLabel = "NAME", description = "That pool alone.")
    private Optional<String> pool = Optional.empty();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        JsonNode answer =
                api.get("/diagnose", pool.map(name -> Map.of("pool", name)).orElse(Map.of()));
        OutputOptions.Settings settings = output.settings();
        if (settings.format() == Format.JSON) {
            Document.print(answer, COLUMNS, settings, out());
        } else if (settings.format().isForPeople()) {
            answer.path("pools").forEach(ailing -> print(ailing, settings));
        } else {
            ListWriter list = new ListWriter(COLUMNS, settings, out());
            list.add(findings(answer));
            list.end();
        }
        out().flush();
        return ExitCodes.OK;
    }

    private void print(JsonNode ailing, OutputOptions.Settings settings) {
        out().println(settings.palette()
                .header("pool " + Column.printable(ailing.path("pool").asString()) + ", the last "
                        + Column.seconds(ailing.path("windowSeconds").asDouble())));
        for (JsonNode finding : ailing.path("findings")) {
            String verdict = Column.printable(finding.path("verdict").asString());
            out().println("  " + settings.palette().state(verdict, verdict) + ": "
                    + Column.printable(finding.path("summary").asString()));
            out().println("    evidence: "
                    + finding.path("evidence").properties().stream()
                            .map(entry -> Column.printable(entry.getKey() + "=" + figure(entry.getValue())))
                            .collect(Collectors.joining(", ")));
            String remedy = Column.printable(finding.path("remedy").asString());
            if (!remedy.isEmpty()) {
                out().println("    remedy: " + remedy);
            }
            for (JsonNode next : finding.path("next")) {
                out().println("    next: " + Column.printable(next.asString()));
            }
        }
    }

    /** Counts as they are, rates and shares to three digits. */
    private static String figure(JsonNode value) {
        return value.isFloatingPointNumber() ? String.format(Locale.ROOT, "%.3g", value.asDouble()) : value.asString();
    }

    /** One row a finding. */
    private static List<JsonNode> findings(JsonNode answer) {
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode ailing : answer.path("pools")) {
            for (JsonNode finding : ailing.path("findings")) {
                ObjectNode row = (ObjectNode) finding.deepCopy();
                row.set("pool", ailing.path("pool"));
                row.set("windowSeconds", ailing.path("windowSeconds"));
                rows.add(row);
            }
        }
        return rows;
    }
}
