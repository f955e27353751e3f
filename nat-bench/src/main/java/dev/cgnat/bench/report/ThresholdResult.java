package dev.cgnat.bench.report;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of a threshold.
 *
 * @param text as it was given
 * @param value of its metric; times are in milliseconds; absent if there is none
 * @param remark why there is no value
 */
public record ThresholdResult(String text, OptionalDouble value, boolean crossed, Optional<String> remark) {
    /** Of a metric that has a value. */
    public ThresholdResult(String text, double value, boolean crossed) {
        this(text, OptionalDouble.of(value), crossed, Optional.empty());
    }

    /** {@code met, value 4.0}, or {@code CROSSED, no samples}. */
    String verdict() {
        return (crossed ? "CROSSED" : "met") + ", "
                + remark.orElseGet(() -> "value " + String.format(Locale.ROOT, "%s", value.orElse(0)));
    }
}
