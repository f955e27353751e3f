package dev.cgnat.bench.trace;

import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.size.LogVolume;
import dev.cgnat.bench.size.RefusalEstimate;
import dev.cgnat.bench.size.Trial;
import dev.cgnat.bench.size.Trials;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Logs as trials: each replays all of them, and counts all of their flows. What differs between seeds is what the NAT draws
 * alone.
 *
 * <p><b>Ownership</b>: any thread may run trials if the opener bears it; one thread asks for the rest. <b>Costs</b>: the logs
 * are read anew for each trial; memory as for {@link Replay}.
 */
public final class RecordedTrials implements Trials {
    private static final String ANY_NAME = "logs";
    private static final IpAddress ANY_ADDRESS = IpAddress.ofIpv4(198, 18, 0, 0);
    private static final int AMPLE_ADDRESSES = 64;
    private static final int MOST_ADDRESSES = 16_384;

    private final Opener opener;
    private final Map<ReuseScope, Integer> needed = new EnumMap<>(ReuseScope.class);

    /** Opens the logs, each time from their beginning. */
    @FunctionalInterface
    public interface Opener {
        /**
         * The logs, ready to be replayed once.
         *
         * @param nat whose first pool serves
         */
        Replay open(NatConfig nat, long seed) throws IOException;
    }

    public RecordedTrials(Opener opener) {
        this.opener = opener;
    }

    /**
     * One replay.
     *
     * @throws UncheckedIOException if a log cannot be read, or a line is broken where every line must be right
     */
    @Override
    public Trial run(NatConfig config, long seed) {
        ReplayResult result = replay(config, seed);
        RunReport run = report(result).run();
        return new Trial(
                run.totals().offered(),
                run.totals().refused(),
                run.samples().stream()
                        .mapToInt(sample -> sample.inUse() + sample.held())
                        .max()
                        .orElse(0),
                (int) run.subscribers()
                        .map(subscribers -> subscribers.peakPorts().max())
                        .orElse(0.0)
                        .doubleValue(),
                run.destinations().isEmpty()
                        ? "none"
                        : run.destinations().get(0).name(),
                LogVolume.of(run.totals().granted(), result.blocksLent(), run.durationSeconds()));
    }

    @Override
    public RefusalEstimate estimate(List<Trial> trials) {
        return RefusalEstimate.ofAll(trials);
    }

    /** The logs through a pool with the hold-down of {@code base} and so many ports, each used once, that none is refused. */
    public ReplayReport measured(PoolConfig base, long seed) {
        for (int addresses = AMPLE_ADDRESSES; ; addresses *= 2) {
            ReplayReport report = report(replay(withoutLimits(ample(base, addresses)), seed));
            if (report.run().totals().refusedTotal() == 0 || addresses >= MOST_ADDRESSES) {
                return report;
            }
        }
    }

    /**
     * Ports that the flows have at a time within a unit of {@code pool}, in use and at rest, had none been refused. The first
     * question for a reuse scope costs a replay.
     */
    public int needed(PoolConfig pool, long seed) {
        return needed.computeIfAbsent(
                pool.reuseScope(),
                scope -> report(replay(withoutLimits(ample(pool, 1).withReuseScope(scope)), seed))
                        .needed()
                        .map(ReplayReport.Needed::ports)
                        .orElse(0));
    }

    private static NatConfig withoutLimits(PoolConfig pool) {
        return new NatConfig(List.of(pool), LimitConfig.defaults());
    }

    private static PoolConfig ample(PoolConfig base, int addresses) {
        return PoolConfig.defaults(
                        base.name(), List.of(new AddressRange(ANY_ADDRESS, ANY_ADDRESS.plus(addresses - 1L))))
                .withHoldDown(base.holdDown())
                .withReuseScope(ReuseScope.ADDRESS)
                .withPooling(Pooling.ARBITRARY);
    }

    private static ReplayReport report(ReplayResult result) {
        return result.report(ANY_NAME, new TreeMap<>(), new TreeMap<>());
    }

    private ReplayResult replay(NatConfig nat, long seed) {
        try {
            return opener.open(nat, seed).run();
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }
}
