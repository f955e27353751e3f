package dev.cgnat.bench.sim;

import dev.cgnat.bench.report.RunReport.Use;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Flows of numbered things, external addresses or destinations: live now, at most, granted and refused.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: 32 bytes each, side by side, so that a flow needs one read of memory.
 */
public final class UseTable {
    private static final int LIVE = 0;
    private static final int PEAK = 1;
    private static final int GRANTED = 2;
    private static final int REFUSED = 3;
    private static final int FIELDS = 4;

    private long[] counts = new long[FIELDS * 64];

    /** A flow of the {@code number}-th is granted; numbers are 0 or more, and best without gaps. */
    public void granted(int number) {
        int at = at(number);
        counts[at + GRANTED]++;
        long live = ++counts[at + LIVE];
        if (live > counts[at + PEAK]) {
            counts[at + PEAK] = live;
        }
    }

    public void ended(int number) {
        int at = at(number); // may replace the array
        counts[at + LIVE]--;
    }

    public void refused(int number) {
        int at = at(number); // may replace the array
        counts[at + REFUSED]++;
    }

    /** Those of {@code size} with the most flows that asked, at most {@code most} of them; the busiest first. */
    public List<Use> busiest(int size, int most, IntFunction<String> names) {
        return IntStream.range(0, size)
                .filter(number -> asked(number) > 0)
                .boxed()
                .sorted(Comparator.comparingLong(this::asked).reversed().thenComparing(Comparator.naturalOrder()))
                .limit(most)
                .map(number -> use(number, names))
                .toList();
    }

    /** All of {@code size}, in their order. */
    public List<Use> all(int size, IntFunction<String> names) {
        List<Use> uses = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            uses.add(use(number, names));
        }
        return uses;
    }

    private Use use(int number, IntFunction<String> names) {
        int at = at(number);
        return new Use(
                names.apply(number), Math.toIntExact(counts[at + PEAK]), counts[at + GRANTED], counts[at + REFUSED]);
    }

    private long asked(int number) {
        int at = at(number);
        return counts[at + GRANTED] + counts[at + REFUSED];
    }

    private int at(int number) {
        int at = number * FIELDS;
        if (at >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(2 * counts.length, at + FIELDS));
        }
        return at;
    }
}
