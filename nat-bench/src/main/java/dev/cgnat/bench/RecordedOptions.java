package dev.cgnat.bench;

import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.report.SizeReport.Offered;
import dev.cgnat.bench.report.SizeReport.Recorded;
import dev.cgnat.bench.size.Clientele;
import dev.cgnat.bench.trace.LogCounts;
import dev.cgnat.bench.trace.LogOptions;
import dev.cgnat.bench.trace.LogSource;
import dev.cgnat.bench.trace.RecordedTrials;
import dev.cgnat.bench.trace.Replay;
import dev.cgnat.bench.trace.ReplayPlan;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option {@code --log} in the place of a workload, and how the logs are to be read and replayed. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class RecordedOptions extends FlowLogOptions {
    @Option(
            names = "--log",
            required = true,
            arity = "1..*",
            paramLabel = "FLOWLOG",
            description =
                    "size for the flows of logs, plain or gzip, in place of a workload; several are merged by time")
    private List<String> logs;

    /**
     * Reads the logs once, and says what they ask for.
     *
     * @param base the pool that is sized
     * @param warnings told of broken lines, once
     * @throws IllegalArgumentException if an option cannot be, or the logs have no flow
     * @throws IOException if a log cannot be read
     */
    SizeDemand demand(ProxyConfig config, PoolConfig base, long seed, Consumer<String> warnings) throws IOException {
        requireCount(logs);
        logs.forEach(RecordedOptions::requireFile);
        LogOptions reading = reading(config);
        LogCounts counts = counts(warnings);
        ReplayReport measured =
                new RecordedTrials((nat, any) -> open(config, nat, any, reading, counts)).measured(base, seed);
        if (measured.run().totals().offered() == 0) {
            throw new IllegalArgumentException("log: no flow from inside to outside (expected: at least one; skipped: "
                    + measured.log().skipped() + ")");
        }
        RecordedTrials trials = new RecordedTrials(
                (nat, any) -> open(config, nat, any, reading(config), new LogCounts(false, 0, message -> {})));
        Recorded recorded = Recorded.of(measured);
        return new SizeDemand(
                trials,
                new Clientele(recorded.subscribers(), reading.inside()::ranges, pool -> trials.needed(pool, seed)),
                Offered.of(measured.run()),
                Optional.of(recorded),
                parameters(config, base));
    }

    private Replay open(ProxyConfig config, NatConfig nat, long seed, LogOptions reading, LogCounts counts)
            throws IOException {
        ReplayPlan plan = plan(config, nat, nat.pools().get(0), seed);
        List<LogSource> sources = logs.stream().map(FlowLogOptions::file).toList();
        return Replay.open(plan, sources, reading, counts, bytes -> {});
    }

    /** Logs are read many times, so a pipe will not do. */
    private static void requireFile(String log) {
        file(log);
        if (!Files.isRegularFile(Path.of(log))) {
            throw new IllegalArgumentException("log: " + log + " (expected: a file that can be read again and again)");
        }
    }

    private SortedMap<String, String> parameters(ProxyConfig config, PoolConfig base) {
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("logs", String.join(" ", logs));
        putInto(parameters, plan(config, config.nat(), base, 0));
        return parameters;
    }
}
