package dev.cgnat.bench.report;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on a report, such as {@code refused.exhausted==0} or {@code connect.p99<5ms}.
 *
 * @param text as it was given
 * @param metric which number of the report; a {@link Vocabulary} knows those that there are
 * @param limit a count or a ratio, or milliseconds
 * @param time whether the limit has a unit of time
 */
public record Threshold(String text, String metric, Comparison comparison, double limit, boolean time) {
    private static final Pattern SYNTAX =
            Pattern.compile("\\s*([a-z][a-z0-9._-]*)\\s*(==|!=|<=|>=|<|>)\\s*([0-9]+(?:\\.[0-9]+)?)(us|ms|s|m|h)?\\s*");
    private static final String NO_SAMPLES = "no samples";
    private static final String NEVER = "never";

    /** How the value and the limit are compared. */
    public enum Comparison {
        EQUAL,
        DIFFERENT,
        LESS,
        AT_MOST,
        MORE,
        AT_LEAST;

        static Comparison of(String sign) {
            return switch (sign) {
                case "==" -> EQUAL;
                case "!=" -> DIFFERENT;
                case "<" -> LESS;
                case "<=" -> AT_MOST;
                case ">" -> MORE;
                default -> AT_LEAST;
            };
        }

        boolean holds(double value, double limit) {
            int order = Double.compare(value, limit);
            return switch (this) {
                case EQUAL -> order == 0;
                case DIFFERENT -> order != 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case MORE -> order > 0;
                case AT_LEAST -> order >= 0;
            };
        }
    }

    /** A threshold of its text, whatever its metric; {@link IllegalArgumentException} if it is none. */
    public static Threshold parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "threshold: " + text + " (expected: METRIC, one of == != < <= > >=, and a number)");
        }
        Optional<String> unit = Optional.ofNullable(matcher.group(4));
        return new Threshold(
                text,
                matcher.group(1),
                Comparison.of(matcher.group(2)),
                Double.parseDouble(matcher.group(3))
                        * unit.map(Threshold::millis).orElse(1.0),
                unit.isPresent());
    }

    private static double millis(String unit) {
        return switch (unit) {
            case "us" -> 1e-3;
            case "ms" -> 1;
            case "s" -> 1e3;
            case "m" -> 60e3;
            default -> 3600e3;
        };
    }

    /**
     * Whether it holds. A value of nothing measured never meets a threshold: who asks for fast connections does not want none.
     *
     * @param value as {@link SavedReport#value} says
     */
    ThresholdResult judge(double value) {
        boolean crossed = Double.isNaN(value) || !comparison.holds(value, limit);
        return Double.isFinite(value)
                ? new ThresholdResult(text, value, crossed)
                : new ThresholdResult(
                        text, OptionalDouble.empty(), crossed, Optional.of(Double.isNaN(value) ? NO_SAMPLES : NEVER));
    }
}
