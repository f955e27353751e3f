package dev.cgnat.bench.trace;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the columns of a CSV file tell, by the names in its header. Immutable. */
public final class CsvColumns {
    private static final Map<String, Column> KEYS = Map.of(
            "start", Column.START,
            "end", Column.END,
            "duration", Column.DURATION,
            "src", Column.SOURCE,
            "src-port", Column.SOURCE_PORT,
            "dst", Column.DESTINATION,
            "dst-port", Column.DESTINATION_PORT,
            "protocol", Column.PROTOCOL,
            "close", Column.STATE);
    private static final String EXPECTED =
            "(expected: start, duration or end, src, src-port, dst, dst-port, and if the file"
                    + " has them protocol and close, such as start=ts,duration=dur,…)";

    private final Map<String, Column> byName;
    private final Set<Column> told;

    private CsvColumns(Map<String, Column> byName) {
        this.byName = Map.copyOf(byName);
        told = EnumSet.copyOf(byName.values());
    }

    /** Of {@code start=ts,duration=dur,src=client,…}; {@link IllegalArgumentException} if it is not that. */
    public static CsvColumns parse(String text) {
        Map<Column, String> names = new EnumMap<>(Column.class);
        Map<String, Column> byName = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            Column column = equals < 0
                    ? null
                    : KEYS.get(part.substring(0, equals).trim().toLowerCase(Locale.ROOT));
            String name = part.substring(equals + 1).trim();
            if (column == null || name.isEmpty()) {
                throw new IllegalArgumentException("columns: " + part + " " + EXPECTED);
            }
            if (names.put(column, name) != null || byName.put(name, column) != null) {
                throw new IllegalArgumentException("columns: " + part + " twice " + EXPECTED);
            }
        }
        CsvColumns columns = new CsvColumns(byName);
        boolean isComplete = columns.has(Column.START)
                && columns.has(Column.END) != columns.has(Column.DURATION)
                && columns.has(Column.SOURCE)
                && columns.has(Column.SOURCE_PORT)
                && columns.has(Column.DESTINATION)
                && columns.has(Column.DESTINATION_PORT);
        if (!isComplete) {
            throw new IllegalArgumentException("columns: " + text + " " + EXPECTED);
        }
        return columns;
    }

    Optional<Column> column(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    boolean has(Column column) {
        return told.contains(column);
    }
}
