package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.load.Via;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker does next: one line of JSON on its standard input.
 *
 * @param via as {@link Via#parse} reads it
 * @param targets where to, in turn, {@code HOST:PORT}; or where to listen
 * @param flows at a time
 * @param limit flows in all, or how many may be tried
 * @param rate per second, 0 = as fast as they end
 * @param seconds how long flows are begun
 * @param pauseMillis between the end of a flow and the next in its place; more after a flow that took long; 0 = none
 * @param timeoutMillis for a connection to stand
 */
public record WorkOrder(
        Kind kind,
        String via,
        List<String> targets,
        int flows,
        long limit,
        double rate,
        double seconds,
        Ending ending,
        long pauseMillis,
        long timeoutMillis) {
    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final long TIMEOUT_MILLIS = 5_000;

    /** The orders. */
    public enum Kind {
        /** Listen on {@code targets}; see {@link Backend}. */
        SERVE,
        /** Forget the connections that the server saw, and record those to come. */
        RECORD,
        /** Record no more, and tell what was seen. */
        TELL,
        /** Connect, request, response, close: {@code flows} at a time, or {@code rate} per second. */
        SHORT,
        /** Requests at {@code rate} over {@code flows} open connections. */
        REQUESTS,
        /** {@code flows} send until the time is over. */
        UPLOAD,
        /** {@code flows} receive until the time is over. */
        DOWNLOAD,
        /** Open connections until {@code flows} stand, and keep them. */
        HOLD,
        /** Ask every kept connection for an echo. */
        CHECK,
        /** Close what is kept. */
        RELEASE,
        /** Read {@code http://TARGET/metrics}. */
        METRICS,
        /** GETs of {@code http://TARGET PATH} at {@code rate}: the first of {@code targets} and the others, in turn. */
        ASK,
        /** Wait until {@code targets} accept connections. */
        AWAIT
    }

    /** Who closes a short connection first. */
    public enum Ending {
        CLIENT,
        SERVER
    }

    private static WorkOrder of(Kind kind, Via via, List<String> targets, int flows, double rate, Duration time) {
        return new WorkOrder(
                kind,
                via.toString(),
                List.copyOf(targets),
                flows,
                UNLIMITED,
                rate,
                time.toNanos() / 1e9,
                Ending.SERVER,
                0,
                TIMEOUT_MILLIS);
    }

    /** An order that has to do with no flow. */
    public static WorkOrder plain(Kind kind, String... targets) {
        return of(kind, new Via.Direct(), List.of(targets), 0, 0, Duration.ZERO);
    }

    /**
     * Paths of a proxy's admin listener, in turn; each once at least.
     *
     * @param admin {@code HOST:PORT}
     */
    public static WorkOrder ask(String admin, List<String> paths, double rate, Duration time) {
        List<String> targets = new ArrayList<>(List.of(admin));
        targets.addAll(paths);
        return of(Kind.ASK, new Via.Direct(), targets, 1, rate, time);
    }

    /** Short connections, the next as soon as one has ended. */
    public static WorkOrder shortFlows(Via via, String target, int flows, Duration time) {
        return of(Kind.SHORT, via, List.of(target), flows, 0, time);
    }

    /** Short connections at a fixed rate, whatever becomes of the earlier ones. */
    public static WorkOrder freshFlows(Via via, String target, double rate, Duration time) {
        return of(Kind.SHORT, via, List.of(target), 0, rate, time);
    }

    /** Requests at a fixed rate over open connections, whatever becomes of the earlier ones. */
    public static WorkOrder requests(Via via, String target, int flows, double rate, Duration time) {
        return of(Kind.REQUESTS, via, List.of(target), flows, rate, time);
    }

    /** As many bytes as go. */
    public static WorkOrder bulk(boolean isUp, Via via, String target, int flows, Duration time) {
        return of(isUp ? Kind.UPLOAD : Kind.DOWNLOAD, via, List.of(target), flows, 0, time);
    }

    /** Until {@code flows} stand in all; those that already do count. At most {@code tries} more are asked for. */
    public static WorkOrder hold(Via via, List<String> targets, int flows, long tries) {
        return of(Kind.HOLD, via, targets, flows, 0, Duration.ofMinutes(2)).withLimit(tries);
    }

    /** No more than so many flows. */
    public WorkOrder withLimit(long flowsInAll) {
        return new WorkOrder(kind, via, targets, flows, flowsInAll, rate, seconds, ending, pauseMillis, timeoutMillis);
    }

    /** Closed in that order. */
    public WorkOrder withEnding(Ending first) {
        return new WorkOrder(kind, via, targets, flows, limit, rate, seconds, first, pauseMillis, timeoutMillis);
    }

    /** With rests between flows, and so much patience with each. */
    public WorkOrder withPatience(Duration pause, Duration timeout) {
        return new WorkOrder(
                kind, via, targets, flows, limit, rate, seconds, ending, pause.toMillis(), timeout.toMillis());
    }
}
