package dev.cgnat.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of something. */
record Percent(double value) {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)%");

    /** {@code 5%}; {@link IllegalArgumentException} if it is none. */
    static Percent parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("percent: " + text + " (expected: such as 5% or 0.5%)");
        }
        return new Percent(Double.parseDouble(matcher.group(1)));
    }
}
