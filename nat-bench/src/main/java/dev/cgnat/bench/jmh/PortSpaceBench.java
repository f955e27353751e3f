package dev.cgnat.bench.jmh;

import dev.cgnat.bench.jmh.opponents.PortAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Grants a slot and releases a random live one, in one unit whose occupancy stays. A refused grant releases nothing, so it
 * leaves the occupancy too; its cost counts, a second try does not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up first
public class PortSpaceBench {
    @Param("PORT_SPACE")
    public Contestant contestant;

    @Param("1048576")
    public int slots;

    /** Fewer than {@link #slots}. */
    @Param("524288")
    public int used;

    private PortAllocator allocator;
    private LiveSlots live;

    @Setup(Level.Trial)
    public void fill() {
        live = new LiveSlots(used, new QuickRandom(Seeds.PICKS));
        allocator = contestant.prepare(slots, used, new QuickRandom(Seeds.DRAWS), live);
    }

    @Benchmark
    public int pair(Costs costs) {
        int slot = allocator.grant();
        if (slot == PortAllocator.REFUSED) {
            costs.refused++;
            return slot;
        }
        int victim = live.exchange(slot);
        allocator.release(victim);
        return victim;
    }
}
