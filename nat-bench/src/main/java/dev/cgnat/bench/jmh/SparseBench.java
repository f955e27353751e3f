package dev.cgnat.bench.jmh;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
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
 * A binding to a random destination, and the end of another random one: the destination is looked up by its key, and
 * forgotten when its last binding ends. The keys are made beforehand and, like the bindings, read ahead by {@link Picks}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up first
public class SparseBench {
    /** Ports 1024 to 65535 of one address. */
    static final int SLOTS = 64_512;
    /** To each destination, on average. */
    static final int BINDINGS = 16;

    private static final long FIRST_HOST = 0xffff_0100_0000L; // 1.0.0.0, in its IPv4-mapped form
    private static final int PORT = 443;
    private static final long REFUSED = -1;

    @Param("1000000")
    public int destinations;

    /** Whether the port space stays empty: for {@link #baseline}. */
    @Param("false")
    public boolean empty;

    private final RandomGenerator random = new QuickRandom(Seeds.DRAWS);
    private final PortSpace space = new PortSpace();
    private UnitKey[] keys;
    /** Of each binding its unit above its slot. */
    private long[] bindings;

    private Picks keyPicks;
    private Picks bindingPicks;

    @Setup(Level.Trial)
    public void fill() {
        keys = new UnitKey[destinations];
        for (int i = 0; i < destinations; i++) {
            keys[i] = UnitKey.remoteEndpoint(Protocol.TCP, new Endpoint(new IpAddress(0, FIRST_HOST + i), PORT), 0);
        }
        bindings = new long[destinations * BINDINGS];
        RandomGenerator picks = new QuickRandom(Seeds.PICKS);
        keyPicks = new Picks(keys.length, picks, place -> keys[place].remoteLow());
        bindingPicks = new Picks(bindings.length, picks, place -> bindings[place]);
        for (int i = 0; i < bindings.length; i++) {
            UnitKey key = keys[keyPicks.next()];
            bindings[i] = empty ? key.remoteLow() : open(key);
        }
    }

    @Benchmark
    public long pair(Costs costs) {
        long granted = open(keys[keyPicks.next()]);
        if (granted == REFUSED) {
            costs.refused++;
            return granted;
        }
        int place = bindingPicks.next();
        long victim = bindings[place];
        bindings[place] = granted;
        int unit = (int) (victim >>> 32);
        space.release(unit, (int) victim);
        space.tidy(unit);
        return victim;
    }

    /**
     * The same without a port space.
     *
     * @param costs asked for, so that JMH lets it measure
     */
    @Benchmark
    public long baseline(Costs costs) {
        long granted = keys[keyPicks.next()].remoteLow() ^ random.nextInt(SLOTS);
        int place = bindingPicks.next();
        long victim = bindings[place];
        bindings[place] = granted;
        return victim;
    }

    private long open(UnitKey key) {
        int unit = space.unit(key, SLOTS);
        int slot = space.claimUniform(unit, PortSpace.NO_UNIT, random);
        if (slot == PortSpace.NO_SLOT) {
            return REFUSED;
        }
        return (long) unit << 32 | slot;
    }
}
