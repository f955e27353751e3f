package dev.cgnat.proxy.client;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints a list that comes page by page, in any format. The first page of a table decides which columns fit and how wide they are.
 *
 * <p><b>Costs</b>: a page at a time is in memory, not the list.
 */
final class ListWriter {
    private static final String GAP = "  ";

    private final JsonMapper json = new JsonMapper();
    private final List<Column> columns;
    private final OutputOptions.Settings settings;
    private final PrintWriter out;
    private final List<Column> shown = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private boolean hasBegun;

    /** @param columns the first ones matter most: those that do not fit are left out from the end */
    ListWriter(List<Column> columns, OutputOptions.Settings settings, PrintWriter out) {
        this.columns = columns;
        this.settings = settings;
        this.out = out;
    }

    /** A page, which is printed at once. */
    void add(List<JsonNode> rows) {
        boolean isFirst = !hasBegun;
        hasBegun = true;
        switch (settings.format()) {
            case JSON -> json(rows, isFirst);
            case JSONL -> rows.forEach(row -> out.println(json.writeValueAsString(row)));
            case CSV -> csv(rows, isFirst && settings.hasHeaders());
            default -> table(rows, isFirst);
        }
        out.flush();
    }

    /** After the last page. */
    void end() {
        if (settings.format() == Format.JSON) {
            out.println(hasBegun ? "\n]" : "[]");
        } else if (!hasBegun) {
            add(List.of());
        }
        out.flush();
    }

    /** Columns for which there was no room, by their headers. */
    List<String> leftOut() {
        return settings.format() == Format.TABLE && hasBegun
                ? columns.stream()
                        .filter(column -> !column.isOnlyWide() && !shown.contains(column))
                        .map(Column::header)
                        .toList()
                : List.of();
    }

    private void json(List<JsonNode> rows, boolean isFirst) {
        String before = isFirst ? "[\n" : ",\n";
        for (JsonNode row : rows) {
            out.print(before + json.writerWithDefaultPrettyPrinter().writeValueAsString(row));
            before = ",\n";
        }
        hasBegun = !isFirst || !rows.isEmpty();
    }

    private void csv(List<JsonNode> rows, boolean withHeader) {
        // Neither closed nor buffered: what the command prints to is both by itself.
        CsvWriter csv = CsvWriter.builder()
                .bufferSize(0)
                .lineDelimiter(LineDelimiter.LF)
                .build(out);
        if (withHeader) {
            csv.writeRecord(columns.stream().map(Column::path).toList());
        }
        for (JsonNode row : rows) {
            csv.writeRecord(columns.stream().map(column -> column.exact(row)).toList());
        }
    }

    private void table(List<JsonNode> rows, boolean isFirst) {
        if (isFirst) {
            layOut(rows);
            if (settings.hasHeaders()) {
                line(shown.stream().map(Column::header).toList(), List.of());
            }
        }
        for (JsonNode row : rows) {
            line(shown.stream().map(column -> column.text(row)).toList(), List.of(row));
        }
    }

    private void layOut(List<JsonNode> rows) {
        boolean mustFit = settings.format() == Format.TABLE;
        int room = mustFit ? settings.columns() : Integer.MAX_VALUE;
        for (Column column : columns) {
            if (mustFit && column.isOnlyWide()) {
                continue;
            }
            int width = settings.hasHeaders() ? column.header().length() : 0;
            for (JsonNode row : rows) {
                width = Math.max(width, length(column.text(row)));
            }
            room -= width + (shown.isEmpty() ? 0 : GAP.length());
            if (room < 0 && !shown.isEmpty()) {
                return;
            }
            shown.add(column);
            widths.add(width);
        }
    }

    private void line(List<String> cells, List<JsonNode> row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            Column column = shown.get(i);
            String cell = cells.get(i);
            String space = " ".repeat(Math.max(0, widths.get(i) - length(cell)));
            String dyed = row.isEmpty()
                    ? settings.palette().header(cell)
                    : settings.palette().value(column.kind(), column.in(row.get(0)), cell);
            line.append(i == 0 ? "" : GAP);
            line.append(column.kind().isNumber() ? space + dyed : i == cells.size() - 1 ? dyed : dyed + space);
        }
        out.println(line);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
