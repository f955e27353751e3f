package dev.cgnat.proxy.log;

import dev.cgnat.core.DeterministicOwner;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.log.Attribution.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds who had an external endpoint: by the formula of a deterministic pool (RFC 7422), else in translation logs.
 *
 * <p>Immutable. <b>Costs</b>: the logs are read from end to end for each question.
 */
public final class PastHolders {
    private final List<PoolConfig> deterministic;
    private final List<Path> logs;

    /**
     * What was found.
     *
     * @param holders live ones first; empty if nobody had it
     * @param source {@code formula}, {@code session log} or {@code block log}
     * @param remarks what a reader must know to trust it
     */
    public record Answer(List<Holder> holders, String source, List<String> remarks) {}

    private PastHolders(List<PoolConfig> deterministic, List<Path> logs) {
        this.deterministic = deterministic;
        this.logs = logs;
    }

    /** In {@code logs}, and by what {@code config} says: its formulas, and the file that its translation log is written to. */
    public static PastHolders of(Optional<ProxyConfig> config, List<Path> logs) {
        List<Path> all = new ArrayList<>(logs);
        config.map(known -> known.translationLog().sink())
                .filter(LogSink.File.class::isInstance)
                .map(sink -> ((LogSink.File) sink).path())
                .ifPresent(all::add);
        return new PastHolders(
                config.stream()
                        .flatMap(known -> known.nat().pools().stream())
                        .filter(pool -> pool.deterministic().isPresent())
                        .toList(),
                List.copyOf(all));
    }

    /** Whether there is anything to look in for {@code external}. */
    public boolean canTell(Endpoint external) {
        return !logs.isEmpty() || formula(external).isPresent();
    }

    /**
     * Who had {@code external}.
     *
     * @param destination where the flow went; empty if that is not known
     * @param tolerance how far the clock that told {@code at} may be off, 0 or more
     */
    public Answer find(Endpoint external, Optional<Endpoint> destination, Instant at, Duration tolerance)
            throws IOException {
        Optional<PoolConfig> pool = formula(external);
        if (pool.isPresent()) {
            List<Holder> owner = new DeterministicOwner(pool.get())
                    .of(external).stream()
                            .map(internal -> byFormula(internal, pool.get()))
                            .toList();
            return new Answer(owner, "formula", List.of());
        }
        List<String> remarks = new ArrayList<>();
        Attribution attribution = new Attribution(external, destination);
        for (Path path : logs) {
            LogFile log = new LogFile(path);
            log.read(attribution::mayBeIn, attribution::add);
            if (log.malformed() > 0) {
                remarks.add(path + ": " + log.malformed() + " lines are no records");
            }
        }
        List<Holder> holders = attribution.at(at, tolerance);
        if (attribution.lacksDestinations()) {
            remarks.add("the log names no destinations, so a destination tells nobody apart");
        }
        if (attribution.lost() > 0) {
            remarks.add("the log lacks " + attribution.lost() + " records, by its own account");
        }
        if (holders.stream().map(Holder::subscriber).distinct().count() > 1) {
            remarks.add(
                    "more than one subscriber: the port was shared, towards different destinations, or changed hands"
                            + " within the tolerance");
        }
        boolean isSession =
                holders.stream().anyMatch(holder -> holder.internal().isPresent());
        return new Answer(holders, isSession ? "session log" : "block log", remarks);
    }

    /** The pool by whose formula the owner of {@code external} is known, if any. */
    private Optional<PoolConfig> formula(Endpoint external) {
        return deterministic.stream()
                .filter(pool -> pool.lends(external.address()))
                .filter(pool -> !new DeterministicOwner(pool).isDynamic(external))
                .findFirst();
    }

    private static Holder byFormula(IpAddress internal, PoolConfig pool) {
        return new Holder(
                new Subscriber(internal.toString()),
                Optional.empty(),
                Optional.empty(),
                pool.name(),
                Instant.EPOCH,
                Optional.empty(),
                false);
    }
}
