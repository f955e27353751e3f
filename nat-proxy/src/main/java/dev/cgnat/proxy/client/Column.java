package dev.cgnat.proxy.client;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * One column of a table.
 *
 * @param header for people
 * @param path where the value is in a row, keys joined by dots; the header of CSV
 * @param isOnlyWide whether a table that must fit does without
 */
record Column(String header, String path, Kind kind, boolean isOnlyWide) {
    private static final String NONE = "-";
    private static final String[] BYTE_UNITS = {"B", "K", "M", "G", "T", "P"};
    private static final double BYTE_STEP = 1024;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    /** What a value is, so how people read it. */
    enum Kind {
        TEXT,
        /** A word whose colour tells whether all is well. */
        STATE,
        COUNT,
        /** 0 to 1, shown in percent. */
        RATIO,
        SECONDS,
        BYTES;

        boolean isNumber() {
            return this != TEXT && this != STATE;
        }
    }

    static Column of(String header, String path, Kind kind) {
        return new Column(header, path, kind, false);
    }

    static Column wide(String header, String path, Kind kind) {
        return new Column(header, path, kind, true);
    }

    JsonNode in(JsonNode row) {
        return row.at("/" + path.replace('.', '/'));
    }

    /** The value as a program reads it; empty if there is none. */
    String exact(JsonNode row) {
        JsonNode value = in(row);
        return value.isMissingNode() || value.isNull() ? "" : value.isContainer() ? value.toString() : value.asString();
    }

    /** The value as people read it. */
    String text(JsonNode row) {
        JsonNode value = in(row);
        if (value.isMissingNode() || value.isNull()) {
            return NONE;
        }
        return switch (kind) {
            case RATIO -> String.format(Locale.ROOT, "%.1f%%", 100 * value.asDouble());
            case SECONDS -> seconds(value.asDouble());
            case BYTES -> bytes(value.asDouble());
            default -> printable(exact(row));
        };
    }

    /** The two largest units that matter: {@code 2h4m}, {@code 12.3s}. */
    static String seconds(double seconds) {
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1fs", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < HOUR) {
            return whole / MINUTE + "m" + whole % MINUTE + "s";
        }
        return whole < DAY
                ? whole / HOUR + "h" + whole % HOUR / MINUTE + "m"
                : whole / DAY + "d" + whole % DAY / HOUR + "h";
    }

    /** In units of 1024: {@code 17B}, {@code 1.2K}. */
    static String bytes(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= BYTE_STEP && unit < BYTE_UNITS.length - 1) {
            value /= BYTE_STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f%s" : "%.1f%s", value, BYTE_UNITS[unit]);
    }

    /** Without what a terminal would obey: names of subscribers come from outside. */
    static String printable(String text) {
        return text.codePoints()
                .map(point ->
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
