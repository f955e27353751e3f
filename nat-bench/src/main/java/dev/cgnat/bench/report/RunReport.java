package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.size.Ceiling;
import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What a run through a NAT came to, over sockets or in virtual time: what {@code sim}, {@code replay} and {@code run} print,
 * what {@code load} and {@code demo} can be seen as, and what the page is made of. A run of the same command, parameters and seed in virtual time gives the same report, byte for
 * byte.
 *
 * @param command such as {@code sim}
 * @param title a line for people: the workload and the pool or profile
 * @param parameters what was asked for, by the name of the option or key
 * @param seed of everything random; absent where nothing was
 * @param versions of the program and what it ran on; in virtual time of the program alone
 * @param interrupted whether the run was ended before its time
 * @param durationSeconds on the run's own clock
 * @param samples in the order of time, at equal distances but for the last
 * @param behaviours the kinds of subscribers, in the order of the workload
 * @param addresses by external address, at most 256
 * @param destinations those with the most flows, at most 20
 * @param connectMs how long clients waited for their port or connection; absent where nobody waits
 * @param notes what a reader has to know to read the rest aright
 */
public record RunReport(
        int schemaVersion,
        String command,
        String title,
        SortedMap<String, String> parameters,
        OptionalLong seed,
        SortedMap<String, String> versions,
        boolean interrupted,
        double durationSeconds,
        Capacity capacity,
        Totals totals,
        List<Sample> samples,
        Optional<Subscribers> subscribers,
        List<Behaviour> behaviours,
        List<Use> addresses,
        List<Use> destinations,
        Optional<LatencySummary> connectMs,
        List<String> notes,
        List<ThresholdResult> thresholds)
        implements SavedReport {
    public static final int SCHEMA_VERSION = 1;

    public RunReport {
        samples = List.copyOf(samples);
        behaviours = List.copyOf(behaviours);
        addresses = List.copyOf(addresses);
        destinations = List.copyOf(destinations);
        notes = List.copyOf(notes);
        thresholds = List.copyOf(thresholds);
    }

    /**
     * What the pool can hold, by its configuration. A NAT that is seen from outside alone tells nothing of it: then all is 0,
     * and so are the states of the samples and the peaks of ports; see {@link #known}.
     *
     * @param ports (address, port) pairs, in scope {@code host} ports alone
     * @param slotsToOne to one destination, live and held together; 0 if unknown
     * @param ceilingPerSecond slots ÷ hold to one destination, if clients close first; absent if nothing is held, or unknown
     */
    public record Capacity(int ports, int slotsToOne, OptionalDouble ceilingPerSecond) {
        /** Of {@code pool}, whose ports count once for each of so many protocols. */
        public static Capacity of(PoolConfig pool, LimitConfig limits, int protocols) {
            int addresses = pool.reuseScope() == ReuseScope.HOST ? 1 : pool.addressCount();
            int toOne = PoolCapacity.of(pool, limits).slotsToOne();
            return new Capacity(
                    Math.toIntExact((long) pool.configuredPorts() * addresses * protocols),
                    toOne,
                    Ceiling.rate(toOne, pool.holdDown().clientFin()));
        }

        /** Of a NAT that is seen from outside alone. */
        public static Capacity unknown() {
            return new Capacity(0, 0, OptionalDouble.empty());
        }

        /** Whether the run saw into the pool. */
        public boolean known() {
            return ports > 0;
        }
    }

    /**
     * Over the whole run.
     *
     * @param offered flows that asked, retries included
     * @param refused by reason
     * @param peakInUse most pairs with a live flow at a time
     * @param peakSessions most live flows at a time
     * @param firstRefusalSeconds absent if none was refused
     * @param bypassed flows that left untranslated
     */
    public record Totals(
            long offered,
            long granted,
            SortedMap<String, Long> refused,
            long bypassed,
            long retries,
            int peakInUse,
            int peakHeld,
            int peakSessions,
            OptionalDouble firstRefusalSeconds) {
        /** Of a run in which whoever asked was granted or refused. */
        public static Totals decided(
                long granted,
                SortedMap<String, Long> refused,
                long bypassed,
                long retries,
                int peakInUse,
                int peakHeld,
                int peakSessions,
                OptionalDouble firstRefusalSeconds) {
            return new Totals(
                    granted + sum(refused),
                    granted,
                    refused,
                    bypassed,
                    retries,
                    peakInUse,
                    peakHeld,
                    peakSessions,
                    firstRefusalSeconds);
        }

        public long refusedTotal() {
            return sum(refused);
        }

        /** Flows that were wanted, however often each asked. */
        public long wanted() {
            return offered - retries;
        }

        /** Granted ÷ wanted; absent if none was wanted. */
        public OptionalDouble success() {
            return wanted() > 0 ? OptionalDouble.of((double) granted / wanted()) : OptionalDouble.empty();
        }
    }

    /**
     * The pool at a moment, and what happened since the sample before.
     *
     * @param atSeconds since the beginning
     * @param free pairs; in use + held + reserved + free is the capacity
     * @param granted since the sample before, as are {@code refused} and {@code connectMs}
     * @param connectMs absent where nobody waits
     */
    public record Sample(
            double atSeconds,
            int inUse,
            int held,
            int reserved,
            int free,
            int sessions,
            long granted,
            SortedMap<String, Long> refused,
            Optional<LatencySummary> connectMs) {
        public long refusedTotal() {
            return sum(refused);
        }

        /** A sample of a run in which nobody waits. */
        public Sample(
                double atSeconds,
                int inUse,
                int held,
                int reserved,
                int free,
                int sessions,
                long granted,
                SortedMap<String, Long> refused) {
            this(atSeconds, inUse, held, reserved, free, sessions, granted, refused, Optional.empty());
        }
    }

    /**
     * How evenly subscribers were served.
     *
     * @param count subscribers that asked at least once
     * @param peakPorts the most that each had at a time, live and held: the distribution over subscribers
     * @param refusedAtLeastOnce subscribers of which at least one flow was refused
     * @param fairness Jain's index of their success ratios, from 1 ÷ n to 1
     */
    public record Subscribers(int count, Distribution peakPorts, int refusedAtLeastOnce, double fairness) {}

    /** Quantiles by nearest rank, and a histogram: {@code counts[i]} values are at most {@code bounds[i]} and above the bound before. */
    public record Distribution(
            double p50,
            double p90,
            double p99,
            double p999,
            double max,
            double mean,
            List<Long> bounds,
            List<Long> counts) {}

    /**
     * One kind of subscribers.
     *
     * @param success granted ÷ wanted, where a flow that is granted at a retry counts once, as granted
     */
    public record Behaviour(
            String name, int subscribers, long wanted, long granted, long refused, double success, double fairness) {}

    /** An external address or a destination. */
    public record Use(String name, int peak, long granted, long refused) {}

    /** The same with its thresholds judged; {@link IllegalArgumentException} if one asks for what no run has. */
    public RunReport judged(List<Threshold> asked) {
        return judged(asked, this::value);
    }

    /** The same by the values of a report that says more. */
    RunReport judged(List<Threshold> asked, ToDoubleFunction<String> values) {
        return with(
                notes,
                asked.stream()
                        .map(threshold -> threshold.judge(values.applyAsDouble(threshold.metric())))
                        .toList());
    }

    /** The same with one note more. */
    public RunReport withNote(String note) {
        return with(Stream.concat(notes.stream(), Stream.of(note)).toList(), thresholds);
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private RunReport with(List<String> told, List<ThresholdResult> judged) {
        return new RunReport(
                schemaVersion,
                command,
                title,
                parameters,
                seed,
                versions,
                interrupted,
                durationSeconds,
                capacity,
                totals,
                samples,
                subscribers,
                behaviours,
                addresses,
                destinations,
                connectMs,
                told,
                judged);
    }

    /** Whether any threshold is crossed. */
    public boolean isCrossed() {
        return thresholds.stream().anyMatch(ThresholdResult::crossed);
    }

    /** The same for people, at most 100 columns wide. */
    @Override
    public String text() {
        return new RunText(this).text();
    }

    /** The samples, a row each, with a header; a column for each reason of refusal; no column for what is unknown. */
    @Override
    public String csv() {
        return RunCsv.of(this);
    }

    @Override
    public RunReport run() {
        return this;
    }

    @Override
    public List<String> metrics() {
        return RunMetrics.names(this);
    }

    @Override
    public double value(String metric) {
        return RunMetrics.value(metric, this);
    }
}
