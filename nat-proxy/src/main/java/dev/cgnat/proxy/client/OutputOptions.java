package dev.cgnat.proxy.client;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** How a command prints what it was told. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class OutputOptions {
    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description =
                    "table (fits the terminal), wide (every column), json, jsonl or csv; ${DEFAULT-VALUE} if absent.")
    private Format format;

    @Option(names = "--no-headers", description = "Without the line that names the columns.")
    private boolean isHeadless;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto (on a terminal, unless NO_COLOR is set), always or never.")
    private Color color;

    private enum Color {
        AUTO,
        ALWAYS,
        NEVER
    }

    /**
     * What was decided.
     *
     * @param columns of the terminal
     */
    record Settings(Format format, boolean hasHeaders, int columns, Palette palette) {
        Settings withoutHeaders() {
            return new Settings(format, false, columns, palette);
        }
    }

    Settings settings() {
        boolean isColored = color == Color.ALWAYS || (color == Color.AUTO && Ansi.AUTO.enabled());
        return new Settings(format, !isHeadless, columns(), new Palette(isColored));
    }

    /** COLUMNS, as shells set it, or what terminals have always had. */
    private static int columns() {
        String told = System.getenv("COLUMNS");
        return told != null && told.matches("[1-9]\\d{1,3}")
                ? Math.max(LEAST_COLUMNS, Integer.parseInt(told))
                : USUAL_COLUMNS;
    }
}
