package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The flows of several logs between inside and outside; always of that log next whose next flow began first. Each log by itself
 * may be out of order. <b>Ownership</b>: one thread.
 */
final class LogMerge implements Closeable {
    private final Set<Protocol> protocols;
    private final LogCounts counts;
    private final List<FlowLog> logs = new ArrayList<>();
    private final PriorityQueue<Head> heads = new PriorityQueue<>(
            Comparator.comparingLong((Head head) -> head.startNanos).thenComparing(head -> head.index));
    private @Nullable Head current;

    /** A log that is not at its end; the flow that it shows is not taken yet. */
    private static final class Head {
        private final FlowLog log;
        private final int index;
        private long startNanos;

        Head(FlowLog log, int index) {
            this.log = log;
            this.index = index;
        }
    }

    private LogMerge(Set<Protocol> protocols, LogCounts counts) {
        this.protocols = protocols;
        this.counts = counts;
    }

    /**
     * Opens all logs.
     *
     * @param protocols others are skipped
     * @param readBytes told how many bytes of the files were read more
     */
    static LogMerge open(
            List<LogSource> sources,
            LogOptions options,
            Set<Protocol> protocols,
            LogCounts counts,
            LongConsumer readBytes)
            throws IOException {
        RowAddresses addresses = new RowAddresses(options.inside());
        LogMerge merge = new LogMerge(protocols, counts);
        try {
            for (LogSource source : sources) {
                FlowLog log = FlowLog.open(source.name(), source.open(), options, addresses, counts, readBytes);
                merge.logs.add(log);
                merge.advance(new Head(log, merge.logs.size()));
            }
        } catch (IOException | RuntimeException e) {
            merge.close();
            throw e;
        }
        return merge;
    }

    /** The next flow between inside and outside; null at the end of all logs. */
    @Nullable
    TraceFlow next() throws FlowLogException {
        while (true) {
            Head head = current;
            if (head != null) {
                advance(head);
            }
            current = heads.poll();
            if (current == null) {
                return null;
            }
            TraceFlow flow = flow(current.log);
            if (flow != null) {
                return flow;
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (FlowLog log : logs) {
            log.close();
        }
    }

    private void advance(Head head) throws FlowLogException {
        if (head.log.next()) {
            head.startNanos = head.log.flow().startNanos;
            heads.add(head);
        }
    }

    private @Nullable TraceFlow flow(FlowLog log) {
        LoggedFlow line = log.flow();
        Verdict verdict = verdict(line, log.dialect());
        counts.add(verdict);
        if (verdict != Verdict.FLOW) {
            return null;
        }
        return new TraceFlow(line, !line.source.isInside(), log.dialect());
    }

    private Verdict verdict(LoggedFlow line, Dialect dialect) {
        if (!protocols.contains(line.protocol)) {
            return Verdict.OTHER_PROTOCOL;
        }
        if (line.source.isInside() == line.destination.isInside()) {
            return line.source.isInside() ? Verdict.INSIDE : Verdict.OUTSIDE;
        }
        if (line.source.isInside()) {
            return line.destination.isBypassed() ? Verdict.BYPASSED : Verdict.FLOW;
        }
        if (dialect.tellsInitiator()) {
            return Verdict.INBOUND;
        }
        return line.source.isBypassed() ? Verdict.BYPASSED : Verdict.FLOW;
    }
}
