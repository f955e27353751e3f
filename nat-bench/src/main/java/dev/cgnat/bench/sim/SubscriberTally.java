package dev.cgnat.bench.sim;

import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.report.RunReport.Distribution;
import dev.cgnat.bench.report.RunReport.Subscribers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How each of the numbered subscribers fared: flows that it wanted, was granted and was refused, and the most ports that it
 * had at a time.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: 16 bytes each, side by side.
 */
public final class SubscriberTally {
    private static final int WANTED = 0;
    private static final int GRANTED = 1;
    private static final int REFUSED = 2;
    private static final int PEAK = 3;
    private static final int FIELDS = 4;

    private int[] counts = new int[FIELDS * 64];
    private int size;

    /** The {@code number}-th wants a flow, be it granted at once, later or never; numbers are 0 or more, best without gaps. */
    public void wanted(int number) {
        int at = at(number); // may replace the array
        counts[at + WANTED]++;
    }

    /**
     * A flow that was wanted is granted.
     *
     * @param ports that the subscriber has now, live and at rest
     */
    public void granted(int number, int ports) {
        int at = at(number);
        counts[at + GRANTED]++;
        if (ports > counts[at + PEAK]) {
            counts[at + PEAK] = ports;
        }
    }

    /** A flow is refused, perhaps not for good. */
    public void refused(int number) {
        int at = at(number); // may replace the array
        counts[at + REFUSED]++;
    }

    /** Subscribers that wanted anything. */
    public Subscribers subscribers() {
        int[] asked = asked(0, size);
        return new Subscribers(
                asked.length,
                Distributions.of(IntStream.of(asked)
                        .map(number -> counts[number * FIELDS + PEAK])
                        .toArray()),
                (int) IntStream.of(asked)
                        .filter(number -> counts[number * FIELDS + REFUSED] > 0)
                        .count(),
                fairness(asked));
    }

    /** The subscribers {@code from} to {@code to - 1} as one kind of behaviour. */
    public Behaviour behaviour(String name, int from, int to) {
        int[] asked = asked(from, Math.min(to, size));
        long wanted = sum(asked, WANTED);
        long granted = sum(asked, GRANTED);
        return new Behaviour(
                name,
                to - from,
                wanted,
                granted,
                sum(asked, REFUSED),
                wanted == 0 ? 1 : (double) granted / wanted,
                fairness(asked));
    }

    private int[] asked(int from, int to) {
        return IntStream.range(from, to)
                .filter(number -> counts[number * FIELDS + WANTED] > 0)
                .toArray();
    }

    private long sum(int[] numbers, int field) {
        return IntStream.of(numbers)
                .mapToLong(number -> counts[number * FIELDS + field])
                .sum();
    }

    /** R. Jain, D. Chiu, W. Hawe, DEC TR-301, 1984, of the shares that were granted; 1 where nobody was granted anything. */
    private double fairness(int[] numbers) {
        double sum = 0;
        double squares = 0;
        for (int number : numbers) {
            double success = (double) counts[number * FIELDS + GRANTED] / counts[number * FIELDS + WANTED];
            sum += success;
            squares += success * success;
        }
        return squares == 0 ? 1 : sum * sum / (numbers.length * squares);
    }

    private int at(int number) {
        size = Math.max(size, number + 1);
        int at = number * FIELDS;
        if (at >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(2 * counts.length, at + FIELDS));
        }
        return at;
    }

    /** Quantiles and a histogram with bounds that are powers of two. */
    private static final class Distributions {
        private Distributions() {}

        static Distribution of(int[] values) {
            Arrays.sort(values);
            if (values.length == 0) {
                return new Distribution(0, 0, 0, 0, 0, 0, List.of(), List.of());
            }
            List<Long> bounds = new ArrayList<>();
            List<Long> counts = new ArrayList<>();
            int counted = 0;
            for (long bound = 1; counted < values.length; bound *= 2) {
                int before = counted;
                while (counted < values.length && values[counted] <= bound) {
                    counted++;
                }
                bounds.add(bound);
                counts.add((long) counted - before);
            }
            return new Distribution(
                    quantile(values, 0.5),
                    quantile(values, 0.9),
                    quantile(values, 0.99),
                    quantile(values, 0.999),
                    values[values.length - 1],
                    IntStream.of(values).average().orElseThrow(),
                    bounds,
                    counts);
        }

        /** By nearest rank. */
        private static int quantile(int[] sorted, double share) {
            return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }
    }
}
