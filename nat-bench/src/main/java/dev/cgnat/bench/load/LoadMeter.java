package dev.cgnat.bench.load;

import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** The counters and histograms of one run. Thread-safe: the event loops write, anyone reads. */
final class LoadMeter {
    private static final int DIGITS = 3;
    private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);
    /** A hostile proxy may name a new reason each time; a report needs no more than this. */
    private static final int MAX_REASONS = 32;

    private static final long NEVER = Long.MIN_VALUE;

    /** What happens once per flow at most. */
    enum Fate {
        INTENDED,
        ATTEMPTED,
        ESTABLISHED,
        COMPLETED,
        ECHOED,
        /** More than once per flow: a further request of it was answered. */
        ANSWERED
    }

    /** What has a reason. */
    enum Trouble {
        REFUSED,
        FAILED,
        BROKEN,
        OWN
    }

    /** What is timed. */
    enum Span {
        /** From the intended beginning until established. */
        CONNECT,
        /** From the intended beginning until the echo was complete. */
        ECHO,
        /** From the intended beginning until refused. */
        REFUSAL,
        /** From a further request of a flow until its answer. */
        ANSWER,
        /** From the intended to the real beginning: the driver's own delay. */
        LATENESS
    }

    private final Map<Fate, LongAdder> fates = new ConcurrentHashMap<>();
    private final Map<Trouble, ConcurrentMap<String, LongAdder>> troubles = new ConcurrentHashMap<>();
    private final Map<Span, ConcurrentHistogram> spans = new ConcurrentHashMap<>();
    private volatile boolean over;
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicInteger peakLive = new AtomicInteger();
    private final AtomicInteger opening = new AtomicInteger();
    private final AtomicInteger echoing = new AtomicInteger();
    private final Recorder connects = new Recorder(MAX_NANOS, DIGITS);
    private final AtomicLong firstRefusalNanos = new AtomicLong(NEVER);
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();

    void count(Fate fate) {
        fates.computeIfAbsent(fate, key -> new LongAdder()).increment();
    }

    void count(Trouble trouble, String reason) {
        ConcurrentMap<String, LongAdder> reasons = troubles.computeIfAbsent(trouble, key -> new ConcurrentHashMap<>());
        String known = reasons.size() < MAX_REASONS || reasons.containsKey(reason) ? reason : "other";
        reasons.computeIfAbsent(known, key -> new LongAdder()).increment();
        if (trouble == Trouble.REFUSED && firstRefusalNanos.get() == NEVER) {
            firstRefusalNanos.compareAndSet(NEVER, System.nanoTime());
        }
    }

    void time(Span span, long nanos) {
        long bounded = Math.min(Math.max(nanos, 0), MAX_NANOS);
        spans.computeIfAbsent(span, key -> new ConcurrentHistogram(MAX_NANOS, DIGITS))
                .recordValue(bounded);
        if (span == Span.CONNECT) {
            connects.recordValue(bounded);
        }
    }

    /** Times of {@link Span#CONNECT} since the last call, in nanoseconds. */
    Histogram connectInterval() {
        return connects.getIntervalHistogram();
    }

    /** When the first flow was refused, by {@link System#nanoTime}. */
    OptionalLong firstRefusalNanos() {
        long nanos = firstRefusalNanos.get();
        return nanos == NEVER ? OptionalLong.empty() : OptionalLong.of(nanos);
    }

    void sent(int bytes) {
        bytesSent.add(bytes);
    }

    void received(int bytes) {
        bytesReceived.add(bytes);
    }

    void openingBy(int change) {
        opening.addAndGet(change);
    }

    void liveBy(int change) {
        peakLive.accumulateAndGet(live.addAndGet(change), Math::max);
    }

    /** Flows that hold or are about to hold a descriptor. */
    int open() {
        return live.get() + opening.get();
    }

    void echoingBy(int change) {
        echoing.addAndGet(change);
    }

    /** No more flows begin, and those that live ask for nothing more by themselves. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Whether nothing is undecided, and no echo is awaited. */
    boolean isSettled() {
        return opening.get() == 0 && echoing.get() == 0;
    }

    LatencySummary summary(Span span) {
        return LatencySummary.of(times(span));
    }

    /** As they are now, in nanoseconds. */
    Histogram times(Span span) {
        ConcurrentHistogram histogram = spans.get(span);
        return histogram == null ? new Histogram(MAX_NANOS, DIGITS) : histogram.copy();
    }

    LoadCounts counts() {
        return new LoadCounts(
                sum(Fate.INTENDED),
                sum(Fate.ATTEMPTED),
                sum(Fate.ESTABLISHED),
                sum(Fate.COMPLETED),
                sum(Fate.ECHOED),
                reasons(Trouble.REFUSED),
                reasons(Trouble.FAILED),
                reasons(Trouble.BROKEN),
                reasons(Trouble.OWN),
                live.get(),
                peakLive.get(),
                opening.get(),
                bytesSent.sum(),
                bytesReceived.sum());
    }

    private long sum(Fate fate) {
        LongAdder adder = fates.get(fate);
        return adder == null ? 0 : adder.sum();
    }

    private SortedMap<String, Long> reasons(Trouble trouble) {
        SortedMap<String, Long> counts = new TreeMap<>();
        troubles.getOrDefault(trouble, new ConcurrentHashMap<>())
                .forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }
}
