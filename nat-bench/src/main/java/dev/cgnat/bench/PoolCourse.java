package dev.cgnat.bench;

import static dev.cgnat.bench.Laboratory.pairs;

import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** How a pool in this process goes on. */
final class PoolCourse implements SampleSeries.Source {
    private final Supplier<PoolSnapshot> pool;
    private long granted;
    private Map<String, Long> refused = Map.of();

    /** Counts from the beginning of the pool on. */
    PoolCourse(Supplier<PoolSnapshot> pool) {
        this.pool = pool;
    }

    @Override
    public Optional<Sample> sample(DoubleSupplier seconds) {
        PoolSnapshot now = pool.get();
        long flows = now.granted() - now.setAside(); // a grant that met a foreign socket became no flow
        Map<String, Long> reasons = Refusals.of(now);
        Sample sample = new Sample(
                seconds.getAsDouble(),
                pairs(now).inUse(),
                pairs(now).held(),
                pairs(now).reserved(),
                pairs(now).free(),
                now.sessions(),
                flows - granted,
                Refusals.between(refused, reasons));
        granted = flows;
        refused = reasons;
        return Optional.of(sample);
    }
}
