package dev.cgnat.bench;

import dev.cgnat.bench.BenchmarkOptions.Figure;
import dev.cgnat.bench.load.Descriptors;
import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.SinkListener;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.report.BenchmarkReport;
import dev.cgnat.bench.report.Numbers;
import dev.cgnat.bench.rfc9693.Benchmark;
import dev.cgnat.bench.rfc9693.Bounds;
import dev.cgnat.bench.rfc9693.Path;
import dev.cgnat.bench.rfc9693.Spread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The figures of RFC 9693 through a NAT, and beside each what the driver does without it. */
final class BenchmarkRun {
    private static final SinkListener NOBODY = new SinkListener() {
        @Override
        public void opened(Sighting sighting) {}

        @Override
        public void closed(Sighting sighting) {}
    };

    private final Sources sources;
    private final Set<Figure> figures;
    private final Bounds bounds;
    private final Path nat;
    private final Consumer<String> progress;
    private volatile Optional<Benchmark> current = Optional.empty();
    private volatile boolean stopped;

    /** @param most connections at a time; empty = what the descriptors of this process allow */
    BenchmarkRun(
            Via via,
            List<InetSocketAddress> targets,
            Sources sources,
            BenchmarkOptions options,
            Optional<Long> most,
            Consumer<String> progress) {
        this.sources = sources;
        this.progress = progress;
        figures = options.figures();
        nat = new Path("nat", via, targets);
        // The sink of this process, where it needs one, has a descriptor for each connection too.
        int available = Math.max(1, Descriptors.available() / (isSeenThrough(via) ? 1 : 2));
        bounds = new Bounds(
                options.table(), (int) Math.min(most.orElse((long) available), available), options.repeats());
    }

    /** Ends it soon; {@link #run} then reports what there is. */
    void stop() {
        stopped = true;
        current.ifPresent(Benchmark::stop);
    }

    BenchmarkReport run() throws IOException, InterruptedException {
        if (isSeenThrough(nat.via())) {
            return run(new Path(
                    "driver alone",
                    new Via.Direct(),
                    nat.targets().stream().map(Endpoints::resolved).toList()));
        }
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SinkServer sink =
                SinkServer.start(Collections.nCopies(nat.targets().size(), anyPort), NOBODY)) {
            return run(new Path("driver alone", new Via.Direct(), sink.addresses()));
        }
    }

    /** Whether the targets can be reached without the NAT. */
    private static boolean isSeenThrough(Via via) {
        return via instanceof Via.Socks5 || via instanceof Via.HttpConnect;
    }

    private BenchmarkReport run(Path alone) throws InterruptedException {
        try (Loops loops = Loops.start("benchmark", 1)) {
            Benchmark direct = benchmark(loops, alone);
            Optional<Spread> directRate = direct.establishment();
            Optional<Benchmark.Capacity> directCapacity = figures.contains(Figure.CAPACITY) && directRate.isPresent()
                    ? direct.capacity(directRate.get().median())
                    : Optional.empty();
            Optional<Spread> directTearDown = figures.contains(Figure.TEAR_DOWN) && directRate.isPresent()
                    ? direct.tearDown(directRate.get().median())
                    : Optional.empty();
            Benchmark through = benchmark(loops, nat);
            Optional<Spread> rate = through.establishment();
            SortedMap<String, Long> losses = through.losses();
            double known = rate.map(Spread::median).orElse(0.0);
            // Before any FIN: tuples in TIME_WAIT cannot be connected anew for a second.
            Optional<Benchmark.Capacity> capacity =
                    figures.contains(Figure.CAPACITY) && !stopped ? through.capacity(known) : Optional.empty();
            Optional<Spread> tearDown =
                    figures.contains(Figure.TEAR_DOWN) && known > 0 ? through.tearDown(known) : Optional.empty();
            return new BenchmarkReport(
                    BenchmarkReport.SCHEMA_VERSION,
                    nat.targets().stream().map(Endpoints::text).toList(),
                    nat.via().toString(),
                    Endpoints.text(alone.targets().get(0)),
                    bounds.connections(),
                    (int) Path.LOST_AFTER.toMillis(),
                    bounds.repeats(),
                    stopped,
                    figures.contains(Figure.RATE) && rate.isPresent()
                            ? Optional.of(BenchmarkReport.Figure.of(
                                    rate.map(BenchmarkRun::values), directRate.map(BenchmarkRun::values), losses))
                            : Optional.empty(),
                    figures.contains(Figure.TEAR_DOWN) && !stopped
                            ? Optional.of(BenchmarkReport.Figure.of(
                                    tearDown.map(BenchmarkRun::values),
                                    directTearDown.map(BenchmarkRun::values),
                                    new TreeMap<>()))
                            : Optional.empty(),
                    capacity.map(table -> new BenchmarkReport.Capacity(
                            table.connections(),
                            table.isBound(),
                            directCapacity.map(Benchmark.Capacity::connections).orElse(0),
                            table.refused(),
                            table.answerMs())),
                    Versions.all());
        }
    }

    private Benchmark benchmark(Loops loops, Path path) {
        Benchmark benchmark = new Benchmark(loops, sources, path, bounds, progress);
        current = Optional.of(benchmark);
        if (stopped) {
            benchmark.stop(); // it came between
        }
        return benchmark;
    }

    private static BenchmarkReport.Values values(Spread spread) {
        return new BenchmarkReport.Values(
                Numbers.rate(spread.median()),
                Numbers.rate(spread.min()),
                Numbers.rate(spread.max()),
                spread.values().stream().map(Numbers::rate).toList());
    }
}
