package dev.cgnat.bench;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.report.Numbers;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.RunReport.Capacity;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Totals;
import dev.cgnat.bench.report.TwinReport.Decisions;
import dev.cgnat.bench.twin.Decision;
import dev.cgnat.bench.twin.Recording;
import dev.cgnat.bench.twin.Repetition;
import dev.cgnat.bench.twin.Scenario;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What a {@link SocketRun} came to.
 *
 * @param clients what the clients saw
 * @param retries of the clients
 * @param startNanos when their first flow could begin, by {@link System#nanoTime}
 * @param recording of the proxy's NAT
 * @param seen connections by what the servers saw of them
 */
record SocketResult(
        Scenario scenario,
        LoadResult clients,
        long retries,
        long startNanos,
        Recording recording,
        List<Sighting> seen) {
    /** How long flows began. */
    Duration length() {
        return clients.elapsed().compareTo(scenario.until()) < 0 ? clients.elapsed() : scenario.until();
    }

    /**
     * The same calls once more in virtual time, on the core's clock: what was decided then, and from it the report.
     *
     * @param interrupted whether the run was ended before its time
     */
    Repeated repeated(boolean interrupted, SortedMap<String, String> parameters) {
        Course course = new Course();
        List<Decision> again = Repetition.of(scenario.config().nat(), scenario.seed(), recording.calls(), course);
        Decisions decisions = Repetition.compared(recording.decisions(), again);
        return new Repeated(report(course, interrupted, parameters), decisions);
    }

    /** A report, and whether the decisions were the same. */
    record Repeated(RunReport report, Decisions decisions) {}

    private RunReport report(Course course, boolean interrupted, SortedMap<String, String> parameters) {
        return new RunReport(
                RunReport.SCHEMA_VERSION,
                "run",
                scenario.workload().name() + " through " + scenario.nat() + ", over sockets",
                parameters,
                OptionalLong.of(scenario.seed()),
                Versions.all(),
                interrupted,
                Numbers.decimals(length().toNanos() / 1e9, 3),
                Capacity.of(scenario.pool(), scenario.config().nat().limits(), 1),
                course.totals(),
                course.samples,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(LatencySummary.of(clients.connect())),
                notes(course),
                List.of());
    }

    private List<String> notes(Course course) {
        List<String> notes = new ArrayList<>();
        LatencySummary lateness = LatencySummary.of(clients.lateness());
        notes.add(String.format(
                Locale.ROOT,
                "the clients were late by %.3f ms (p50), %.3f ms (p99), %.3f ms (most)",
                lateness.p50(),
                lateness.p99(),
                lateness.max()));
        LoadCounts counts = clients.counts();
        note(notes, "established, and seen by no server", Math.max(0, counts.established() - seen.size()));
        note(notes, "grants that met sockets of others, and were drawn anew", course.setAside());
        note(
                notes,
                "refused by the proxy, not by its NAT",
                counts.refusedTotal() - course.totals().refusedTotal());
        note(notes, "neither established nor refused", counts.failedTotal());
        note(notes, "established, and ended by another", counts.brokenTotal());
        note(notes, "never begun, for want of descriptors or ports of the clients", counts.ownTotal());
        return notes;
    }

    private static void note(List<String> notes, String what, long count) {
        if (count != 0) {
            notes.add(what + ": " + count);
        }
    }

    /** Watches the repeated NAT, with time counted from the clients' beginning. */
    private final class Course implements Repetition.Observer {
        private final List<Sample> samples = new ArrayList<>();
        private final long beginNanos = startNanos - recording.originNanos();
        private final long count = length().dividedBy(scenario.sample());
        private Optional<PoolSnapshot> pool = Optional.empty();
        private final PoolCourse course = new PoolCourse(() -> pool.orElseThrow());
        private int peakInUse;
        private int peakHeld;
        private int peakSessions;

        @Override
        public void stands(Nat nat, long untilNanos) {
            PoolSnapshot now = nat.snapshot().pool(scenario.pool().name());
            pool = Optional.of(now);
            peakInUse = Math.max(peakInUse, now.pairs(Protocol.TCP).inUse());
            peakHeld = Math.max(peakHeld, now.pairs(Protocol.TCP).held());
            peakSessions = Math.max(peakSessions, now.sessions());
            long sample = scenario.sample().toNanos();
            while (samples.size() < count && beginNanos + (samples.size() + 1) * sample < untilNanos) {
                double at = (samples.size() + 1) * sample / 1e9;
                course.sample(() -> at).ifPresent(samples::add);
            }
        }

        Totals totals() {
            PoolSnapshot end = pool.orElseThrow();
            return Totals.decided(
                    end.granted() - end.setAside(),
                    Refusals.of(end),
                    0,
                    retries,
                    peakInUse,
                    peakHeld,
                    peakSessions,
                    recording.decisions().stream()
                            .filter(Decision::isRefusal)
                            .mapToDouble(refusal -> Numbers.decimals((refusal.atNanos() - beginNanos) / 1e9, 3))
                            .findFirst());
        }

        long setAside() {
            return pool.map(PoolSnapshot::setAside).orElse(0L);
        }
    }
}
