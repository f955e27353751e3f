package dev.cgnat.bench.trace;

import java.util.Arrays;

/**
 * The fields of one line, as far as they matter, in characters of its own. Used again for every line, so that a line costs no
 * object.
 */
final class Row {
    private final int[] starts = new int[Column.count()];
    private final int[] lengths = new int[Column.count()];
    private char[] text = new char[512];
    private int size;

    void clear() {
        Arrays.fill(lengths, 0);
        size = 0;
    }

    void put(Column column, char[] from, int offset, int length) {
        if (size + length > text.length) {
            text = Arrays.copyOf(text, Math.max(size + length, 2 * text.length));
        }
        System.arraycopy(from, offset, text, size, length);
        starts[column.place()] = size;
        lengths[column.place()] = length;
        size += length;
    }

    /** Whether the line tells nothing of this: the column is missing, empty, or {@code -}. */
    boolean isUnset(Column column) {
        int length = length(column);
        return length == 0 || (length == 1 && text[starts[column.place()]] == '-');
    }

    int length(Column column) {
        return lengths[column.place()];
    }

    char charAt(Column column, int index) {
        return text[starts[column.place()] + index];
    }

    boolean is(Column column, String value) {
        int length = length(column);
        if (length != value.length()) {
            return false;
        }
        int start = starts[column.place()];
        for (int i = 0; i < length; i++) {
            if (text[start + i] != value.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a field contains a character. */
    boolean has(Column column, char wanted) {
        return indexOf(column, wanted) >= 0;
    }

    /** Where a field has a character first, -1 if nowhere. */
    int indexOf(Column column, char wanted) {
        int start = starts[column.place()];
        for (int i = 0; i < length(column); i++) {
            if (text[start + i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    String string(Column column) {
        return new String(text, starts[column.place()], length(column));
    }
}
