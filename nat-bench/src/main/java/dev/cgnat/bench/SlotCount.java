package dev.cgnat.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of slots as users write it: {@code 4096}, {@code 64K} (65,536) or {@code 16M} (16,777,216). */
record SlotCount(int value) {
    private static final int MIN = 2;
    private static final int MAX = 1 << 28;
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})([KkMm]?)");

    /** 2 to 256M, else {@link IllegalArgumentException}. */
    static SlotCount parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (matcher.matches()) {
            int shift = switch (matcher.group(2)) {
                case "" -> 0;
                case "K", "k" -> 10;
                default -> 20;
            };
            long value = Long.parseLong(matcher.group(1)) << shift;
            if (value >= MIN && value <= MAX) {
                return new SlotCount((int) value);
            }
        }
        throw new IllegalArgumentException("slots: " + text + " (expected: 2 to 256M, such as 4096, 64K or 16M)");
    }
}
