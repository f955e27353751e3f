package dev.cgnat.proxy.admin.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.session.Rests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param nextCursor where to go on, empty if that was all
 * @param approximateTotal how many there are, about
 */
@JsonPropertyOrder({"items", "nextCursor", "approximateTotal"})
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Listing<T>(List<T> items, Optional<String> nextCursor, long approximateTotal) {
    static final int MOST = 1_000;
    private static final int USUAL = 100;

    Listing {
        items = List.copyOf(items);
    }

    /** The same page with something else of each entry, made with rests. */
    <R> Listing<R> map(Function<? super T, ? extends R> change) {
        Rests rests = new Rests();
        List<R> changed = new ArrayList<>(items.size());
        for (T item : items) {
            changed.add(change.apply(item));
            rests.restIfDue();
        }
        return new Listing<>(changed, nextCursor, approximateTotal);
    }

    /** How many entries a page may have. */
    static int limit(Call call) {
        return call.number("limit", 1, MOST).orElse(USUAL);
    }

    /**
     * Where a page begins: behind an entry with that key and number, in that order.
     *
     * @param key what it was sorted by; the number itself where that is the order
     */
    record Cursor(String sort, long key, long number) {
        /** The cursor of {@code call}, empty for a first page; a problem if it is of another order. */
        static Optional<Cursor> of(Call call, String sort) {
            return call.query("cursor", text -> parse(text, sort));
        }

        private static Cursor parse(String text, String sort) {
            String expected = "(expected: nextCursor of a page with the same sort)";
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
                if (parts.length == 3 && parts[0].equals(sort)) {
                    return new Cursor(sort, Long.parseLong(parts[1]), Long.parseLong(parts[2]));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(expected, e);
            }
            throw new IllegalArgumentException(expected);
        }

        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((sort + " " + key + " " + number).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** An order by one of several keys, the first of which is the usual; descending with a hyphen in front. */
    record Sort(String text, String key, boolean isDescending) {
        static Sort of(Call call, String... keys) {
            String text = call.query("sort").orElse(keys[0]);
            boolean isDescending = text.startsWith("-");
            String key = isDescending ? text.substring(1) : text;
            if (!List.of(keys).contains(key) && !text.equals(keys[0])) {
                throw Problem.badRequest(
                        "sort: " + text + " (expected: " + String.join(", ", keys) + ", or with - in front)");
            }
            return new Sort(text, key, isDescending);
        }
    }
}
