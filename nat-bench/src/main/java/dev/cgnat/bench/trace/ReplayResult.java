package dev.cgnat.bench.trace;

import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What a {@link Replay} came to. Good until the replay goes on. */
public final class ReplayResult {
    private static final int MOST_DESTINATIONS = 20;

    private final ReplayPlan plan;
    private final boolean isInterrupted;
    private final LogCounts counts;
    private final ReorderWindow window;
    private final Stitcher stitcher;
    private final ReplayNat nat;

    ReplayResult(
            ReplayPlan plan,
            boolean isInterrupted,
            LogCounts counts,
            ReorderWindow window,
            Stitcher stitcher,
            ReplayNat nat) {
        this.plan = plan;
        this.isInterrupted = isInterrupted;
        this.counts = counts;
        this.window = window;
        this.stitcher = stitcher;
        this.nat = nat;
    }

    /**
     * The report, ready to print.
     *
     * @param title a line for people
     */
    public ReplayReport report(String title, SortedMap<String, String> parameters, SortedMap<String, String> versions) {
        RunReport run = new RunReport(
                RunReport.SCHEMA_VERSION,
                "replay",
                title,
                parameters,
                OptionalLong.of(plan.seed()),
                versions,
                isInterrupted,
                nat.nowNanos() / 1e9,
                capacity(),
                totals(),
                nat.census().samples(),
                Optional.of(nat.subscribers().subscribers()),
                List.of(),
                nat.addresses(),
                nat.destinations().busiest(MOST_DESTINATIONS),
                nat.census().waits(),
                notes(),
                List.of());
        return new ReplayReport(run, log(), nat.demand().most().map(this::needed));
    }

    /** Port blocks that were lent. */
    public long blocksLent() {
        return nat.blocksLent();
    }

    private RunReport.Totals totals() {
        RunReport.Totals totals = nat.census().totals();
        return new RunReport.Totals(
                totals.offered(),
                totals.granted(),
                totals.refused(),
                counts.count(Verdict.BYPASSED),
                totals.retries(),
                totals.peakInUse(),
                totals.peakHeld(),
                totals.peakSessions(),
                totals.firstRefusalSeconds());
    }

    private RunReport.Capacity capacity() {
        return RunReport.Capacity.of(
                plan.pool(), plan.nat().limits(), plan.protocols().size());
    }

    private ReplayReport.Log log() {
        return new ReplayReport.Log(
                counts.lines(),
                counts.skipped(),
                counts.broken(),
                window.late(),
                window.late() == 0 ? Optional.empty() : Optional.of(window.mostLateNanos() / 1e9),
                stitcher.stitched(),
                stitcher.replies());
    }

    private ReplayReport.Needed needed(Demand.Most most) {
        PoolConfig pool = plan.pool();
        int ofAddress = pool.configuredPorts();
        return new ReplayReport.Needed(
                most.unit(),
                most.ports(),
                capacity().slotsToOne(),
                pool.reuseScope() == ReuseScope.HOST
                        ? OptionalInt.empty()
                        : OptionalInt.of((most.ports() + ofAddress - 1) / ofAddress));
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        PoolConfig pool = plan.pool();
        if (plan.protocols().size() > 1) {
            notes.add("ports are counted for each protocol: "
                    + plan.protocols().stream().map(Protocol::label).collect(Collectors.joining(", ")));
        }
        if (pool.mapping().behaviour() != Mapping.ADDRESS_AND_PORT_DEPENDENT) {
            notes.add("flows of one mapping share a port, so fewer ports than \"needed\" may do");
        }
        if (pool.pooling().behaviour() == Pooling.PAIRED || pool.blocks().isPresent()) {
            notes.add("pairing and port blocks leave ports unused, so more ports than \"needed\" may be necessary");
        }
        if (nat.destinations().hasForgotten()) {
            notes.add("more destinations than are counted at a time: what is told of one begins when it came last");
        }
        return notes;
    }
}
