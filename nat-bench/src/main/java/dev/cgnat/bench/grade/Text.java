package dev.cgnat.bench.grade;

import java.util.Locale;

/** How the evidence writes times and counts. */
final class Text {
    private Text() {}

    /** {@code 3.02 s}, {@code 4 ms}. */
    static String seconds(long nanos) {
        return nanos < 100_000_000
                ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    /** {@code 1 flow}, {@code 2 flows}. */
    static String count(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }
}
