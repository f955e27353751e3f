package dev.cgnat.bench.size;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a translation log may grow.
 *
 * @param text as it was asked for
 * @param bytesPerDay 0 or more
 */
public record LogBudget(String text, double bytesPerDay) {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kmgt]?i?)b/day");
    private static final Map<String, Double> UNITS = Map.of(
            "", 1.0,
            "k", 1e3,
            "m", 1e6,
            "g", 1e9,
            "t", 1e12,
            "ki", 0x1p10,
            "mi", 0x1p20,
            "gi", 0x1p30,
            "ti", 0x1p40);

    /** {@code 10GiB/day}, {@code 500MB/day} or {@code 0B/day}. */
    public static LogBudget parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.toLowerCase(Locale.ROOT));
        Double unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "log-budget: " + text + " (expected: an amount a day, such as 10GiB/day or 500MB/day)");
        }
        return new LogBudget(text, Double.parseDouble(matcher.group(1)) * unit);
    }
}
