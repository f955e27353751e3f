package dev.cgnat.bench.trace;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Flow logs through a NAT in virtual time. The same logs and plan give the same result.
 *
 * <p><b>Ownership</b>: one thread, but for {@link #stop}. <b>Costs</b>: memory for what lives, rests or stands in the window.
 */
/*
 * A flow is only opened when the log has been read as far as the gap that is allowed between its lines: so it is known at its
 * end whether it goes on, though nobody knows at its beginning when it will end.
 */
public final class Replay {
    private final ReplayPlan plan;
    private final LogCounts counts;
    private final LogMerge logs;
    private final ReorderWindow window;
    private final Stitcher stitcher;
    private final ArrayDeque<TraceFlow> ahead = new ArrayDeque<>();
    private @Nullable ReplayNat nat;
    private long lastNanos = Long.MIN_VALUE;
    private volatile boolean isStopped;

    private Replay(ReplayPlan plan, LogCounts counts, LogMerge logs) {
        this.plan = plan;
        this.counts = counts;
        this.logs = logs;
        window = new ReorderWindow(plan.reorder().toNanos(), this::inOrder);
        stitcher = new Stitcher(plan.stitch().toNanos(), plan::natEnd, counts);
    }

    /**
     * Opens the logs.
     *
     * @param readBytes told how many bytes of the files were read more
     * @throws IOException if one of them cannot be read
     */
    public static Replay open(
            ReplayPlan plan, List<LogSource> sources, LogOptions options, LogCounts counts, LongConsumer readBytes)
            throws IOException {
        LogMerge logs = LogMerge.open(sources, options, plan.protocols(), counts, readBytes);
        return new Replay(plan, counts, logs);
    }

    /** Asks {@link #run} to return soon, with what there is so far. Any thread may call it. */
    public void stop() {
        isStopped = true;
    }

    /**
     * Replays to the end of the logs, or until {@link #stop}.
     *
     * @throws FlowLogException at the first broken line, where every line must be right
     */
    public ReplayResult run() throws IOException {
        try (logs) {
            TraceFlow flow = logs.next();
            while (flow != null && !isStopped) {
                lastNanos = Math.max(lastNanos, flow.endNanos);
                if (!window.add(flow)) {
                    counts.change(Verdict.FLOW, Verdict.TOO_LATE);
                }
                flow = logs.next();
            }
        }
        if (!isStopped) {
            window.flush();
            openUntil(Long.MAX_VALUE);
            if (nat != null) {
                nat.runTo(Math.max(lastNanos, nat.clockNanos()));
            }
        }
        ReplayNat used = nat == null ? new ReplayNat(plan, 0, flow -> {}) : nat;
        used.finish();
        return new ReplayResult(plan, isStopped, counts, window, stitcher, used);
    }

    private void inOrder(TraceFlow flow) {
        if (nat == null) {
            nat = new ReplayNat(plan, flow.startNanos, stitcher::over);
        }
        openUntil(flow.startNanos - plan.stitch().toNanos());
        if (stitcher.isNew(flow)) {
            ahead.add(flow);
        }
    }

    /** Opens what begins before then. */
    private void openUntil(long nanos) {
        ReplayNat used = nat;
        for (TraceFlow flow = ahead.peek();
                used != null && flow != null && flow.startNanos < nanos;
                flow = ahead.peek()) {
            ahead.remove();
            used.begin(flow);
        }
    }
}
