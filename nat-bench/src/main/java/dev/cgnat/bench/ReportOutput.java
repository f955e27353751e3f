package dev.cgnat.bench;

import dev.cgnat.bench.report.Json;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The option {@code -o} of the commands that end with a report. */
@SuppressWarnings("NullAway.Init") // picocli sets the field before it calls
final class ReportOutput {
    private enum Format {
        TEXT,
        JSON
    }

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE})")
    private Format format;

    /** {@code report} as the user asked for it, with a line feed at its end. */
    String render(Object report, Supplier<String> text) {
        return format == Format.JSON ? Json.pretty(report) + "\n" : text.get();
    }
}
