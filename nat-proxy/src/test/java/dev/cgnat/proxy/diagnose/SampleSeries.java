package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.metrics.OpenResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Samples of a pool of 1,000 ports, one every 5 s; what is not set stays as it was. */
final class SampleSeries {
    static final PoolConfig POOL =
            PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))));

    private static final long STEP = 5_000_000_000L;
    private static final int PORTS = 1_000;

    private final List<PoolSample> samples = new ArrayList<>();
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private final Map<OpenResult, Long> opened = new EnumMap<>(OpenResult.class);
    private int sessions;
    private int held;
    private int freeBlocks = -1;
    private double ageP95;

    SampleSeries live(int value) {
        sessions = value;
        return this;
    }

    SampleSeries held(int value) {
        held = value;
        return this;
    }

    /** As if ports were lent in ten blocks. */
    SampleSeries freeBlocks(int value) {
        freeBlocks = value;
        return this;
    }

    SampleSeries ageP95(double seconds) {
        ageP95 = seconds;
        return this;
    }

    /** That many more. */
    SampleSeries refused(Refusal reason, long more) {
        refused.merge(reason, more, Long::sum);
        return opened(OpenResult.NO_PORT, more);
    }

    /** That many more. */
    SampleSeries opened(OpenResult result, long more) {
        opened.merge(result, more, Long::sum);
        return this;
    }

    SampleSeries sample() {
        samples.add(new PoolSample(
                samples.size() * STEP,
                sessions,
                held,
                new PairCounts(PORTS, sessions, held, 0),
                (double) (sessions + held) / PORTS,
                freeBlocks < 0 ? 0 : 10,
                Math.max(0, freeBlocks),
                5,
                2,
                opened.getOrDefault(OpenResult.ESTABLISHED, 0L),
                refused,
                opened,
                new SessionAges.Quantiles(ageP95 / 2, ageP95, ageP95)));
        return this;
    }

    List<PoolSample> samples() {
        return samples;
    }

    Finding first() {
        return Diagnosis.of(POOL, samples).first();
    }

    List<Verdict> verdicts() {
        return Diagnosis.of(POOL, samples).findings().stream()
                .map(Finding::verdict)
                .toList();
    }
}
