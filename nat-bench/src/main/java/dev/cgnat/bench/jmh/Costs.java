package dev.cgnat.bench.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What one thread spent in one iteration; JMH sums it over the threads. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Costs {
    /** Processor time of the iteration, in nanoseconds. */
    public double cpuNanos;
    /** {@link Ref} right after the iteration, in nanoseconds. */
    public double refNanos;
    /** Grants that were refused although a slot was free. */
    public long refused;

    private long begunNanos;

    @Setup(Level.Iteration)
    public void begin() {
        begunNanos = CpuClock.nanos();
    }

    @TearDown(Level.Iteration)
    public void end(Ref ref) {
        cpuNanos = CpuClock.nanos() - begunNanos;
        refNanos = ref.nanos();
    }
}
