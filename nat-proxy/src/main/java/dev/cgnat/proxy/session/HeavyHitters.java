package dev.cgnat.proxy.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys with the greatest sums of a stream, in bounded space.
 *
 * <p>Of up to {@code capacity} keys every sum is exact. Beyond, a sum is too high by at most its error, and no key whose sum is above
 * the least one kept is missing.
 *
 * <p><b>Ownership</b>: one thread at a time. <b>Costs</b>: O(1) per addition while there are no more than {@code capacity} keys, then
 * O(log capacity); some 100 bytes per key.
 */
/*
 * Space-saving [1]: who comes when all places are taken gets the place of the least, and what that had as error. From then on places
 * stand in a binary heap by their sum, and each knows where it stands.
 *
 * [1] Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and Top-k Elements in Data Streams, ICDT 2005.
 */
final class HeavyHitters<K> {
    private final int capacity;
    private final Map<K, Place<K>> places = new HashMap<>();
    private final List<Place<K>> heap = new ArrayList<>();
    private boolean hasOverflown;

    HeavyHitters(int capacity) {
        this.capacity = capacity;
    }

    /** One key; its true sum is {@code sum - error} to {@code sum}. */
    record Hit<K>(K key, long sum, long error) {}

    private static final class Place<K> {
        private final K key;
        private final long error;
        private long sum;
        private int at;

        Place(K key, long sum, long error) {
            this.key = key;
            this.sum = sum;
            this.error = error;
        }
    }

    void add(K key, long amount) {
        Place<K> known = places.get(key);
        if (known != null) {
            known.sum += amount;
            if (hasOverflown) {
                down(known);
            }
        } else if (heap.size() < capacity) {
            Place<K> place = new Place<>(key, amount, 0);
            places.put(key, place);
            heap.add(place);
            place.at = heap.size() - 1;
        } else {
            if (!hasOverflown) {
                hasOverflown = true;
                for (int at = heap.size() / 2 - 1; at >= 0; at--) {
                    down(heap.get(at));
                }
            }
            Place<K> least = heap.get(0);
            places.remove(least.key);
            Place<K> place = new Place<>(key, least.sum + amount, least.sum);
            places.put(key, place);
            put(place, 0);
            down(place);
        }
    }

    /** What a key that is not here may have at most; 0 if all are here. */
    long missing() {
        return hasOverflown ? heap.get(0).sum : 0;
    }

    List<Hit<K>> hits() {
        return heap.stream()
                .map(place -> new Hit<>(place.key, place.sum, place.error))
                .toList();
    }

    private void down(Place<K> place) {
        while (true) {
            int child = 2 * place.at + 1;
            if (child >= heap.size()) {
                return;
            }
            if (child + 1 < heap.size() && heap.get(child + 1).sum < heap.get(child).sum) {
                child++;
            }
            Place<K> lesser = heap.get(child);
            if (place.sum <= lesser.sum) {
                return;
            }
            swap(place, lesser);
        }
    }

    private void swap(Place<K> one, Place<K> other) {
        int at = one.at;
        put(one, other.at);
        put(other, at);
    }

    private void put(Place<K> place, int at) {
        heap.set(at, place);
        place.at = at;
    }
}
