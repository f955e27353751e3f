package dev.cgnat.proxy.metrics;

import java.util.List;

/**
 * A histogram that somebody else counts, at the moment of a scrape.
 *
 * @param tags values of the meter's tags
 * @param bounds upper bounds in ascending order
 * @param counts up to each bound and above the one before, and above the last: one more than {@code bounds}
 */
record CountedHistogram(List<String> tags, List<Integer> bounds, List<Long> counts, long sum) {
    CountedHistogram {
        tags = List.copyOf(tags);
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
        if (counts.size() != bounds.size() + 1) {
            throw new IllegalArgumentException("counts: " + counts.size() + " (expected: " + (bounds.size() + 1) + ")");
        }
    }
}
