package dev.cgnat.bench.trace;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of flow logs that can be read. */
public enum LogFormat {
    /** Zeek's {@code conn.log}: TSV with its {@code #fields} line, or JSON lines. */
    ZEEK,
    /** {@code nfdump -o csv}. */
    NFDUMP,
    /** AWS VPC Flow Logs. */
    VPC,
    /** CSV with a header, whose columns the user names. */
    CSV;

    private static final List<String> NFDUMP_BEGINNINGS =
            List.of("ts,te,td,", "firstSeen,duration,", "No matching flows");

    /** Of its name in lower case, empty for {@code auto}; {@link IllegalArgumentException} for another. */
    public static Optional<LogFormat> parse(String name) {
        if (name.equals("auto")) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(values())
                .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "format: " + name + " (expected: zeek, nfdump, vpc, csv or auto)")));
    }

    /** The format of a file that begins so; empty if it cannot be told. */
    static Optional<LogFormat> of(String beginning) {
        String firstLine =
                beginning.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        if (isJson(firstLine) || firstLine.startsWith("#separator") || firstLine.startsWith("#fields")) {
            return Optional.of(ZEEK);
        }
        if (NFDUMP_BEGINNINGS.stream().anyMatch(firstLine::startsWith)) {
            return Optional.of(NFDUMP);
        }
        List<String> words = List.of(firstLine.split(" ", -1));
        boolean hasHeader = words.contains("srcaddr") && words.contains("dstaddr");
        boolean isDefault = words.get(0).equals("2") && words.size() == VpcDialect.DEFAULT_FIELDS.size();
        return hasHeader || isDefault ? Optional.of(VPC) : Optional.empty();
    }

    /** Whether the lines of a Zeek log are JSON. */
    static boolean isJson(String beginning) {
        return beginning.stripLeading().startsWith("{");
    }
}
