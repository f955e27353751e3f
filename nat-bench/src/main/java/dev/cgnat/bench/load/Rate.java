package dev.cgnat.bench.load;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of events in a time.
 *
 * @param perSecond more than 0
 */
public record Rate(double perSecond) {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)/(s|m|min|h)");

    /** {@code 2000/s}, {@code 30/m} or {@code 100/h}. */
    public static Rate parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            double count = Double.parseDouble(matcher.group(1));
            double seconds = switch (matcher.group(2)) {
                case "s" -> 1;
                case "h" -> 3600;
                default -> 60;
            };
            if (count > 0) {
                return new Rate(count / seconds);
            }
        }
        throw new IllegalArgumentException("rate: " + text + " (expected: more than 0, such as 2000/s or 30/m)");
    }
}
