package dev.cgnat.bench.jmh;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The unit of all costs: one ref = one dependent random read of 64 bytes over 512 MB. It is measured in the process of the
 * benchmark and right after each of its iterations, so that a machine that slows down slows both.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class Ref {
    /** 2^23 lines of 64 bytes. */
    private static final int LINE_BITS = 23;

    private static final int READS = 200_000;

    private PointerCycle cycle;

    @Setup(Level.Trial)
    public void build() {
        cycle = new PointerCycle(LINE_BITS);
        cycle.walk(2 * READS); // compiles it
    }

    /** Processor time of one read, in nanoseconds; costs about 30 ms. */
    synchronized double nanos() {
        long before = CpuClock.nanos();
        cycle.walk(READS);
        return (double) (CpuClock.nanos() - before) / READS;
    }
}
