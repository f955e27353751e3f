package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.NatEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How old the live flows of each pool are, told by the NAT's events.
 *
 * <p><b>Ownership</b>: any thread. <b>Costs</b>: O(log cohorts) per flow, and 5 KB per pool however many flows live: an age is
 * known to the sampling interval, or to a few percent of itself.
 */
/*
 * Bindings are numbered in ascending order, so flows that began in the same interval are a range of numbers: a cohort is where
 * its range begins, when it began, and how many of it live. If there are too many cohorts, empty ones go, else two neighbours
 * become one, whose flows count as old as the older: those that are least apart, measured by their age, so that an age is
 * known to a few percent of itself.
 */
public final class SessionAges implements Consumer<NatEvent> {
    private final long cohortNanos;
    private final Map<String, Cohorts> pools = new HashMap<>();

    /** @param cohortNanos width of a young cohort, at least 1 */
    public SessionAges(long cohortNanos) {
        this.cohortNanos = cohortNanos;
    }

    /** Ages in seconds; all 0 if no flow lives. */
    public record Quantiles(double median, double p95, double oldest) {
        static final Quantiles NONE = new Quantiles(0, 0, 0);
    }

    @Override
    public synchronized void accept(NatEvent event) {
        if (event instanceof NatEvent.Opened opened) {
            pools.computeIfAbsent(opened.binding().pool(), missing -> new Cohorts())
                    .opened(opened.binding().id(), opened.atNanos());
        } else if (event instanceof NatEvent.Closed closed) {
            ended(closed.binding().pool(), closed.binding().id());
        } else if (event instanceof NatEvent.SetAside given) {
            ended(given.binding().pool(), given.binding().id());
        }
    }

    /** Of the flows that live in {@code pool} at that time, on the clock of the events. */
    public synchronized Quantiles of(String pool, long nowNanos) {
        Cohorts cohorts = pools.get(pool);
        return cohorts == null ? Quantiles.NONE : cohorts.quantiles(nowNanos);
    }

    private void ended(String pool, long id) {
        Cohorts cohorts = pools.get(pool);
        if (cohorts != null) { // else it began before anybody listened
            cohorts.ended(id);
        }
    }

    private final class Cohorts {
        private static final int MAX = 256;

        private final long[] firstIds = new long[MAX];
        private final long[] begins = new long[MAX];
        private final int[] live = new int[MAX];
        private int count;

        void opened(long id, long atNanos) {
            if (count == 0 || atNanos - begins[count - 1] >= cohortNanos) {
                if (count == MAX) {
                    makeRoom(atNanos);
                }
                firstIds[count] = id;
                begins[count] = atNanos;
                live[count] = 0;
                count++;
            }
            live[count - 1]++;
        }

        void ended(long id) {
            int at = Arrays.binarySearch(firstIds, 0, count, id);
            int cohort = at >= 0 ? at : -at - 2;
            if (cohort >= 0) {
                live[cohort]--;
            }
        }

        Quantiles quantiles(long nowNanos) {
            long all = Arrays.stream(live, 0, count).asLongStream().sum();
            return all == 0
                    ? Quantiles.NONE
                    : new Quantiles(age(all - all / 2, nowNanos), age(all / 20 + 1, nowNanos), age(1, nowNanos));
        }

        /** Of the {@code rank}-th oldest, in seconds. */
        private double age(long rank, long nowNanos) {
            long older = 0;
            int cohort = -1;
            while (older < rank) {
                older += live[++cohort];
            }
            return (nowNanos - begins[cohort]) / 1e9;
        }

        private void makeRoom(long nowNanos) {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (live[i] > 0) {
                    move(i, kept++);
                }
            }
            count = kept;
            if (count == MAX) {
                int first = leastTold(nowNanos);
                live[first] += live[first + 1];
                for (int next = first + 2; next < count; next++) {
                    move(next, next - 1);
                }
                count--;
            }
        }

        /** The first of the two neighbours that are least apart, measured by their age. */
        private int leastTold(long nowNanos) {
            int least = 0;
            double leastShare = Double.MAX_VALUE;
            for (int first = 0; first < count - 2; first++) {
                double share = (double) (begins[first + 2] - begins[first]) / (nowNanos - begins[first]);
                if (share < leastShare) {
                    leastShare = share;
                    least = first;
                }
            }
            return least;
        }

        private void move(int from, int to) {
            firstIds[to] = firstIds[from];
            begins[to] = begins[from];
            live[to] = live[from];
        }
    }
}
