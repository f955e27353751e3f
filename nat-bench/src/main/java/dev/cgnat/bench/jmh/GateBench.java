package dev.cgnat.bench.jmh;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.egress.RefusalText;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * The pairs of {@link NatBench} through the proxy's gate: its lock, its clock and its timer. Every thread has flows of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up first
public class GateBench {
    /** External addresses of the pool. */
    @Param("1")
    public int addresses;

    /** Live flows of all threads together. */
    @Param("322560")
    public int used;

    private ScheduledExecutorService timer;
    private NatGate gate;
    private AtomicInteger nextFlow;

    @Setup(Level.Trial)
    public void start() {
        timer = Executors.newSingleThreadScheduledExecutor();
        gate = new NatGate(BenchedNat.config(addresses), new RefusalText(Set.of()), timer);
        nextFlow = new AtomicInteger();
    }

    @TearDown(Level.Trial)
    public void stop() {
        timer.shutdownNow();
    }

    /** The flows of one thread. */
    @State(Scope.Thread)
    public static class Flows {
        private Picks picks;
        private Binding[] live;
        private int first;
        private int pairs;

        @Setup(Level.Trial)
        public void open(GateBench bench, ThreadParams threads) {
            live = new Binding[bench.used / threads.getThreadCount()];
            first = bench.nextFlow.getAndAdd(live.length);
            for (int i = 0; i < live.length; i++) {
                if (!(bench.open(BenchedNat.request(first + i)) instanceof Granted granted)) {
                    throw new IllegalStateException(
                            "flow: " + (first + i) + " (expected: a pool that has room for it)");
                }
                live[i] = granted.binding();
            }
            picks = BenchedNat.picks(live, Seeds.PICKS + threads.getThreadIndex());
        }
    }

    @Benchmark
    public Outcome pair(Flows flows, Costs costs) {
        int place = flows.picks.next();
        Binding victim = flows.live[place];
        Outcome outcome = open(BenchedNat.request(flows.first + place, flows.pairs++));
        if (outcome instanceof Granted granted) {
            flows.live[place] = granted.binding();
            gate.close(victim, CloseCause.CLIENT_FIN);
        } else {
            costs.refused++;
        }
        return outcome;
    }

    private Outcome open(FlowRequest request) {
        return gate.open(request, ended -> {});
    }
}
