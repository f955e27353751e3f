package dev.cgnat.bench.sim;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Totals;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Counts what becomes of the flows of a {@link VirtualNat}: totals, peaks, samples.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a few additions for each flow; a sample costs as much as a snapshot.
 */
public final class Census {
    /** Before the reasons of the NAT that stands behind the others. */
    public static final String OUTER = "outer.";

    private static final int REASONS = Refusal.values().length;
    private static final long LONGEST_WAIT_NANOS = 1L << 42; // more than an hour
    private static final int WAIT_DIGITS = 3;

    private final Set<Protocol> protocols;
    private final List<Sample> samples = new ArrayList<>();
    private final Histogram waitNanos = new Histogram(LONGEST_WAIT_NANOS, WAIT_DIGITS);
    private final Counts now = new Counts();
    private Counts atLastSample = new Counts();
    private final Peaks peaks = new Peaks();

    /** @param protocols whose ports are counted */
    public Census(Set<Protocol> protocols) {
        this.protocols = Set.copyOf(protocols);
    }

    /** A flow is granted; {@code nat} is asked for what it has now. */
    public void granted(VirtualNat nat, long waitedNanos) {
        now.granted++;
        peaks.inUse = Math.max(peaks.inUse, nat.pairsInUse());
        peaks.sessions = Math.max(peaks.sessions, nat.sessions());
        if (waitedNanos > 0) {
            waitNanos.recordValue(Math.min(waitedNanos, LONGEST_WAIT_NANOS));
        }
    }

    /** A flow is refused. */
    @SuppressWarnings("EnumOrdinal") // see refusedSince
    public void refused(Refusal reason, boolean byOuter, long atNanos) {
        now.refused[reason.ordinal() + (byOuter ? REASONS : 0)]++;
        if (peaks.firstRefusalNanos < 0) {
            peaks.firstRefusalNanos = atNanos;
        }
    }

    /** A flow is over; {@code nat} is asked for what it has now. */
    public void ended(VirtualNat nat) {
        peaks.held = Math.max(peaks.held, nat.pairsHeld());
    }

    /** A flow leaves untranslated. */
    public void bypassed() {
        now.bypassed++;
    }

    /** A client asks again. */
    public void retried() {
        now.retries++;
    }

    /** Adds a sample of {@code nat}, as it is now. */
    public void sample(VirtualNat nat) {
        int inUse = 0;
        int held = 0;
        int reserved = 0;
        int free = 0;
        for (NatSnapshot snapshot : nat.snapshots()) {
            for (PoolSnapshot pool : snapshot.pools()) {
                for (Protocol protocol : protocols) {
                    PairCounts pairs = pool.pairs(protocol);
                    inUse += pairs.inUse();
                    held += pairs.held();
                    reserved += pairs.reserved();
                    free += pairs.free();
                }
            }
        }
        samples.add(new Sample(
                nat.nowNanos() / 1e9,
                inUse,
                held,
                reserved,
                free,
                nat.sessions(),
                now.granted - atLastSample.granted,
                now.refusedSince(atLastSample)));
        atLastSample = now.copy();
    }

    /** Joins every two samples, so that those that are left stand at twice the distance; for runs of unknown length. */
    public void halve() {
        List<Sample> all = List.copyOf(samples);
        samples.clear();
        for (int i = 1; i < all.size(); i += 2) {
            Sample earlier = all.get(i - 1);
            Sample later = all.get(i);
            SortedMap<String, Long> refused = new TreeMap<>(earlier.refused());
            later.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum));
            samples.add(new Sample(
                    later.atSeconds(),
                    later.inUse(),
                    later.held(),
                    later.reserved(),
                    later.free(),
                    later.sessions(),
                    earlier.granted() + later.granted(),
                    refused));
        }
    }

    /** All samples so far. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Flows that were granted. */
    public long granted() {
        return now.granted;
    }

    /** Over all that was counted. */
    public Totals totals() {
        return Totals.decided(
                now.granted,
                now.refusedSince(new Counts()),
                now.bypassed,
                now.retries,
                peaks.inUse,
                peaks.held,
                peaks.sessions,
                peaks.firstRefusalNanos < 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(peaks.firstRefusalNanos / 1e9));
    }

    /** How long the flows waited that waited for a port and were granted one; empty if there were none. */
    public Optional<LatencySummary> waits() {
        return waitNanos.getTotalCount() == 0 ? Optional.empty() : Optional.of(LatencySummary.of(waitNanos));
    }

    private static final class Counts {
        private long granted;
        private long bypassed;
        private long retries;
        /** By reason; those of the NAT behind follow. */
        private long[] refused = new long[2 * REASONS];

        Counts copy() {
            Counts copy = new Counts();
            copy.granted = granted;
            copy.bypassed = bypassed;
            copy.retries = retries;
            copy.refused = refused.clone();
            return copy;
        }

        @SuppressWarnings("EnumOrdinal") // an index of the array, which lives no longer than the run
        SortedMap<String, Long> refusedSince(Counts before) {
            SortedMap<String, Long> counts = new TreeMap<>();
            for (Refusal reason : Refusal.values()) {
                for (boolean byOuter : new boolean[] {false, true}) {
                    int at = reason.ordinal() + (byOuter ? REASONS : 0);
                    if (refused[at] > before.refused[at]) {
                        counts.put((byOuter ? OUTER : "") + reason.label(), refused[at] - before.refused[at]);
                    }
                }
            }
            return counts;
        }
    }

    private static final class Peaks {
        private int inUse;
        private int held;
        private int sessions;
        private long firstRefusalNanos = -1;
    }
}
