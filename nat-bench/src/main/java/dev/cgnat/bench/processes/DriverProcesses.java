package dev.cgnat.bench.processes;

import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.load.RunningLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * One load by several processes, each with a share of it and descriptors of its own.
 *
 * <pre>
 *   this ── START, STOP, FINISH ──► DriverPart of each      its standard input; when that ends, it ends
 *   this ◄── counts, histograms ─── DriverPart of each      its standard output, ten times a second
 * </pre>
 *
 * <p>Counts and histograms add, so that what it came to is exactly what one process would have counted; of the most flows at a
 * time, which are of no one process, the most that was seen at a time.
 */
public final class DriverProcesses implements RunningLoad {
    private static final int READY_WITHIN_SECONDS = 180;
    private static final int DIGITS = 3;

    private final LoadPlan plan;
    private final List<DriverProcess> processes = new ArrayList<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private Histogram connects = new Histogram(DIGITS);
    private int peakLive;

    private DriverProcesses(LoadPlan plan) {
        this.plan = plan;
    }

    /**
     * Starts the processes, and the load once all of them are ready.
     *
     * @param plan of all together
     * @param command of the k-th process, from 0 on, which runs a {@link DriverPart}
     * @throws IOException if one cannot be started, or ends before it is ready; none is left then
     */
    public static DriverProcesses start(LoadPlan plan, int count, IntFunction<List<String>> command)
            throws IOException, InterruptedException {
        DriverProcesses all = new DriverProcesses(plan);
        try {
            for (int i = 0; i < count; i++) {
                DriverProcess process =
                        new DriverProcess("driver process " + (i + 1) + " of " + count, command.apply(i), all::hear);
                all.processes.add(process);
                process.settled().exceptionally(failure -> {
                    all.settled.completeExceptionally(failure);
                    return null;
                });
            }
            each(all.processes, DriverProcess::ready).get(READY_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException | InterruptedException e) {
            all.close();
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            Throwable reason = e instanceof ExecutionException ? e.getCause() : e;
            throw new IOException(String.valueOf(reason == null ? e : reason.getMessage()), e);
        }
        each(all.processes, DriverProcess::settled).thenAccept(all.settled::complete);
        all.processes.forEach(process -> process.order(Orders.START));
        return all;
    }

    private static CompletableFuture<Void> each(
            List<DriverProcess> processes, Function<DriverProcess, CompletableFuture<?>> of) {
        return CompletableFuture.allOf(processes.stream().map(of).toArray(CompletableFuture<?>[]::new));
    }

    private synchronized void hear(Histogram more) {
        connects.add(more);
        peakLive = Math.max(peakLive, sum(LoadCounts::live));
    }

    @Override
    public CompletableFuture<Void> settled() {
        return settled.copy();
    }

    @Override
    public synchronized LoadCounts counts() {
        return new LoadCounts(
                sumLong(LoadCounts::intended),
                sumLong(LoadCounts::attempted),
                sumLong(LoadCounts::established),
                sumLong(LoadCounts::completed),
                sumLong(LoadCounts::echoed),
                reasons(LoadCounts::refused),
                reasons(LoadCounts::failed),
                reasons(LoadCounts::broken),
                reasons(LoadCounts::own),
                sum(LoadCounts::live),
                // of a flow that began and ended between two words of its process, that process alone knows
                processes.stream()
                        .mapToInt(process -> process.counts().peakLive())
                        .reduce(peakLive, Math::max),
                sum(LoadCounts::opening),
                sumLong(LoadCounts::bytesSent),
                sumLong(LoadCounts::bytesReceived));
    }

    private int sum(ToLongFunction<LoadCounts> count) {
        return Math.toIntExact(sumLong(count));
    }

    private long sumLong(ToLongFunction<LoadCounts> count) {
        return processes.stream()
                .mapToLong(process -> count.applyAsLong(process.counts()))
                .sum();
    }

    private SortedMap<String, Long> reasons(Function<LoadCounts, SortedMap<String, Long>> of) {
        SortedMap<String, Long> all = new TreeMap<>();
        processes.forEach(
                process -> of.apply(process.counts()).forEach((reason, count) -> all.merge(reason, count, Long::sum)));
        return all;
    }

    @Override
    public synchronized Histogram connectInterval() {
        Histogram interval = connects;
        connects = new Histogram(DIGITS);
        return interval;
    }

    @Override
    public void stop() {
        processes.forEach(process -> process.order(Orders.STOP));
    }

    /** As {@link RunningLoad#finish}; {@link java.util.concurrent.CompletionException} if a process has failed. */
    @Override
    public LoadResult finish() {
        stop();
        settled.join();
        processes.forEach(process -> process.order(Orders.FINISH));
        each(processes, DriverProcess::last).join();
        return processes.stream()
                .flatMap(process -> process.last().join().end().stream())
                .map(end -> end.result(plan, counts()))
                .reduce(DriverProcesses::add)
                .orElseThrow();
    }

    private static LoadResult add(LoadResult one, LoadResult other) {
        return new LoadResult(
                one.plan(),
                one.subscribers(),
                one.elapsed().compareTo(other.elapsed()) >= 0 ? one.elapsed() : other.elapsed(),
                one.counts(),
                add(one.connect(), other.connect()),
                add(one.echo(), other.echo()),
                add(one.refusal(), other.refusal()),
                add(one.lateness(), other.lateness()),
                earlier(one.firstRefusal(), other.firstRefusal()));
    }

    private static Histogram add(Histogram one, Histogram other) {
        Histogram sum = one.copy();
        sum.add(other);
        return sum;
    }

    private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(one.get().compareTo(other.get()) <= 0 ? one.get() : other.get())
                : one.or(() -> other);
    }

    @Override
    public void close() {
        processes.forEach(DriverProcess::close);
    }
}
