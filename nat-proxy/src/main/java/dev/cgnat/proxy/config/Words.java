package dev.cgnat.proxy.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Words for messages. */
public final class Words {
    private static final int MAX_TYPOS = 2;

    private Words() {}

    /** {@code a, b or c}. */
    public static String or(List<String> words) {
        int last = words.size() - 1;
        return last < 1 ? String.join("", words) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    /** The word that {@code typed} was probably meant to be: at most two letters off, and at most half of it. */
    public static Optional<String> closest(String typed, List<String> words) {
        return words.stream()
                .filter(word -> distance(typed, word) <= Math.min(MAX_TYPOS, word.length() / 2))
                .min(Comparator.comparingInt(word -> distance(typed, word)));
    }

    /** The {@code (expected: …)} of a message; the whole message in brackets if it has none. */
    static String expectation(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        int start = message.indexOf("(expected: ");
        return start < 0 ? "(" + message + ")" : message.substring(start);
    }

    /** Letters to insert, delete or replace (Levenshtein 1966), computed row by row. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
