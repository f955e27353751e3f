package dev.cgnat.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** How the reports write numbers. */
public final class Numbers {
    private Numbers() {}

    /** One decimal, two below 1: {@code 33.1}, {@code 0.53}. */
    public static double rate(double value) {
        return decimals(value, Math.abs(value) < 1 ? 2 : 1);
    }

    /** {@link #rate(double)} where there is one. */
    public static OptionalDouble rate(OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(rate(value.getAsDouble())) : value;
    }

    /** Rounded half up. */
    public static double decimals(double value, int decimals) {
        return BigDecimal.valueOf(value)
                .setScale(decimals, RoundingMode.HALF_UP)
                .doubleValue();
    }

    /** {@code 33.1/s}. */
    public static String perSecond(double value) {
        return String.format(Locale.ROOT, Math.abs(rate(value)) < 1 ? "%.2f/s" : "%.1f/s", rate(value));
    }

    /** {@code 97.5 %}; what is not quite all, or not quite none, does not round to it. */
    public static String percent(double ratio) {
        double percent = decimals(ratio * 100, 1);
        if (percent == 100 && ratio < 1) {
            return "> 99.9 %";
        }
        return percent == 0 && ratio > 0 ? "< 0.1 %" : String.format(Locale.ROOT, "%.1f %%", percent);
    }

    /** {@code 42.0 s}, or {@code 2:05:00} from ten minutes on. */
    public static String seconds(double seconds) {
        if (seconds < 600) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** {@code 12.3 GB}: three digits, in powers of a thousand. */
    public static String bytes(double bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int unit = 0;
        double value = bytes;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
    }

    /** {@code exhausted 210, held 96}, or {@code none}. */
    public static String reasons(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }
}
