package dev.cgnat.bench.trace;

import java.util.Locale;

/** A line that cannot be understood. Without a stack trace, as a log may hold millions. */
final class BrokenLineException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenLineException(String message) {
        super(message, null, false, false);
    }

    static BrokenLineException of(Column column, CharSequence value, String expected) {
        String name = column.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new BrokenLineException(name + ": " + shortened(value) + " (expected: " + expected + ")");
    }

    private static String shortened(CharSequence value) {
        return value.length() <= 40 ? value.toString() : value.subSequence(0, 40) + "…";
    }
}
