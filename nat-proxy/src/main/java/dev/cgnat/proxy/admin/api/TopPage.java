package dev.cgnat.proxy.admin.api;

import dev.cgnat.proxy.admin.api.Listing.Cursor;
import dev.cgnat.proxy.admin.api.Listing.Sort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The first entries behind a cursor of all that are shown to it, in the order of a key.
 *
 * <p><b>Costs</b>: O(log page) for an entry that is among the first at its time, else a comparison.
 */
final class TopPage<T> {
    private final Sort sort;
    private final Optional<Cursor> behind;
    private final int limit;
    private final Comparator<Entry<T>> order = (one, other) -> compare(one.key, one.number, other.key, other.number);
    private final PriorityQueue<Entry<T>> best;
    private long matched;
    private boolean hasMore;

    /** Used again for who takes its place: a list in the opposite order would make one of each entry. */
    private static final class Entry<T> {
        private long key;
        private long number;
        private T value;

        Entry(long key, long number, T value) {
            this.key = key;
            this.number = number;
            this.value = value;
        }
    }

    TopPage(Sort sort, Optional<Cursor> behind, int limit) {
        this.sort = sort;
        this.behind = behind;
        this.limit = limit;
        best = new PriorityQueue<>(order.reversed());
    }

    /** One entry of the list, kept while it is among the first so far: what costs much to make of it is made of the page, at the end. */
    void offer(long key, long number, T value) {
        matched++;
        if (behind.isPresent()
                && compare(key, number, behind.get().key(), behind.get().number()) <= 0) {
            return;
        }
        Entry<T> last = best.peek();
        if (best.size() == limit && last != null) {
            hasMore = true;
            if (compare(key, number, last.key, last.number) >= 0) {
                return;
            }
            best.remove();
            last.key = key;
            last.number = number;
            last.value = value;
            best.add(last);
        } else {
            best.add(new Entry<>(key, number, value));
        }
    }

    private int compare(long key, long number, long otherKey, long otherNumber) {
        int byKey = sort.isDescending() ? Long.compare(otherKey, key) : Long.compare(key, otherKey);
        return byKey != 0 ? byKey : Long.compare(number, otherNumber);
    }

    Listing<T> toListing() {
        List<Entry<T>> entries = new ArrayList<>(best);
        entries.sort(order);
        Optional<String> next = hasMore && !entries.isEmpty()
                ? Optional.of(entries.get(entries.size() - 1))
                        .map(last -> new Cursor(sort.text(), last.key, last.number).text())
                : Optional.empty();
        return new Listing<>(entries.stream().map(entry -> entry.value).toList(), next, matched);
    }
}
