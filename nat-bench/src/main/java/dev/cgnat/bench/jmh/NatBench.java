package dev.cgnat.bench.jmh;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.Nat;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.random.KeyedRandom;
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
 * A complete decision and its end: {@link Nat#open} for the subscriber and destination of a random live flow, then
 * {@link Nat#close} of that flow, whose slot rests for 10 ms of a clock that goes on by a microsecond a pair. What is due
 * is freed every 64 pairs. Each flow asks with a request of its own, and that is part of the cost.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up first
public class NatBench {
    private static final long NANOS_PER_PAIR = 1_000;
    private static final int PAIRS_PER_EXPIRE = 64;

    /** External addresses of the pool. */
    @Param("16")
    public int addresses;

    /** Live flows. */
    @Param("5160960")
    public int used;

    private Nat nat;
    private Binding[] live;
    private Picks picks;
    private long now;
    private int pairs;

    @Setup(Level.Trial)
    public void fill() {
        nat = new Nat(BenchedNat.config(addresses), KeyedRandom.seeded(Seeds.DRAWS), event -> {});
        live = new Binding[used];
        for (int i = 0; i < used; i++) {
            if (!(nat.open(BenchedNat.request(i), now) instanceof Granted granted)) {
                throw new IllegalStateException("flow: " + i + " (expected: a pool that has room for it)");
            }
            live[i] = granted.binding();
        }
        picks = BenchedNat.picks(live, Seeds.PICKS);
    }

    @Benchmark
    public Outcome pair(Costs costs) {
        int place = picks.next();
        Binding victim = live[place];
        now += NANOS_PER_PAIR;
        if (++pairs % PAIRS_PER_EXPIRE == 0) {
            nat.expire(now, 2 * PAIRS_PER_EXPIRE);
        }
        Outcome outcome = nat.open(BenchedNat.request(place, pairs), now);
        if (outcome instanceof Granted granted) {
            live[place] = granted.binding();
            nat.close(victim, CloseCause.CLIENT_FIN, now);
        } else {
            costs.refused++;
        }
        return outcome;
    }
}
