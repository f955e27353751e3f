package dev.cgnat.bench.load;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The spelling of durations on the command line: {@code 250ms}, {@code 2s}, {@code 1.5s}, {@code 2h4m}. */
public final class Durations {
    private static final Pattern MILLIS = Pattern.compile("(\\d{1,12})ms");

    private Durations() {}

    /** A duration with its units, 0 or more. */
    public static Duration parse(String text) {
        Matcher millis = MILLIS.matcher(text);
        if (millis.matches()) {
            return Duration.ofMillis(Long.parseLong(millis.group(1)));
        }
        try {
            Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException e) {
            // falls through to the one message
        }
        throw new IllegalArgumentException(text + " (expected: a duration such as 250ms, 2s, 1m30s or 2h)");
    }

    /** The shortest such spelling. */
    public static String text(Duration duration) {
        if (duration.toMillis() < 1000 && duration.toMillis() > 0) {
            return duration.toMillis() + "ms";
        }
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
