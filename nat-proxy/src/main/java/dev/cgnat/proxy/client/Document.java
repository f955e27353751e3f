package dev.cgnat.proxy.client;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prints what is one thing and no list, for a program. */
final class Document {
    private static final JsonMapper JSON = new JsonMapper();

    private Document() {}

    /** @param columns of CSV */
    static void print(JsonNode document, List<Column> columns, OutputOptions.Settings settings, PrintWriter out) {
        switch (settings.format()) {
            case JSON -> out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            case JSONL -> out.println(JSON.writeValueAsString(document));
            default -> new ListWriter(columns, settings, out).add(List.of(document));
        }
        out.flush();
    }
}
