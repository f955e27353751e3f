package dev.cgnat.proxy.egress;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.QueueConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * What a thread may do to a pool of two ports and two places to wait. It ends only flows and waitings of its own; which port
 * it was given it does not tell, as that depends on the order. Time passes when somebody says so.
 */
public abstract class LincheckedFlows {
    static final int PORTS = 2;

    private static final int MAX_THREADS = 8;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Endpoint WEB = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80);

    static final NatConfig CONFIG =
            NatConfig.of(PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))
                    .withPorts(new PortRange(40_000, 40_000 + PORTS - 1))
                    .withPooling(PoolingConfig.defaults().withPairedIdle(Duration.ZERO))
                    .withHoldDown(new HoldDownConfig(HOUR, HOUR, Duration.ZERO, HOUR, HOUR))
                    .withQueue(new QueueConfig(Duration.ofDays(1), 2)));

    private final AtomicLong now = new AtomicLong();
    private final Map<Endpoint, Binding> lent = new ConcurrentHashMap<>();
    private final List<Deque<Binding>> live = perThread();
    private final List<Deque<Queued>> waiting = perThread();

    @Operation
    public String open(@Param(gen = ThreadIdGen.class) int thread) {
        Endpoint internal = new Endpoint(IpAddress.ofIpv4(10, 0, 0, thread + 1), 50_000);
        Outcome outcome = ask(new FlowRequest("main", new Subscriber("10.0.0." + thread), internal, WEB));
        if (outcome instanceof Granted granted) {
            lent(granted.binding());
            live.get(thread).add(granted.binding());
            return "granted";
        }
        if (outcome instanceof Queued queued) {
            waiting.get(thread).add(queued);
            return "queued";
        }
        return ((Refused) outcome).reason().label();
    }

    /** Its slot is free at once. */
    @Operation
    public boolean reset(@Param(gen = ThreadIdGen.class) int thread) {
        return end(thread, CloseCause.RESET);
    }

    /** Its slot rests for an hour. */
    @Operation
    public boolean finish(@Param(gen = ThreadIdGen.class) int thread) {
        return end(thread, CloseCause.CLIENT_FIN);
    }

    /** False if nobody waits any more, or did. */
    @Operation
    public boolean cancel(@Param(gen = ThreadIdGen.class) int thread) {
        Queued queued = waiting.get(thread).poll();
        return queued != null && giveUp(queued);
    }

    @Operation
    public String counts() {
        PoolSnapshot pool = snapshot().pool("main");
        return pool.sessions() + " live, " + pool.heldSlots() + " held, " + pool.waiting() + " waiting";
    }

    @Operation
    public void hourPasses() {
        now.addAndGet(HOUR.toNanos());
    }

    @Operation
    public abstract void timerRuns();

    abstract Outcome ask(FlowRequest request);

    abstract void end(Binding binding, CloseCause cause);

    abstract boolean giveUp(Queued queued);

    abstract NatSnapshot snapshot();

    final long nowNanos() {
        return now.get();
    }

    /** The same for everybody who makes one. */
    static RandomGenerator random() {
        AtomicLong draws = new AtomicLong();
        return () -> draws.incrementAndGet() * 0x9e37_79b9_7f4a_7c15L;
    }

    /** The flow's owner knows of it now. */
    final void lent(Binding binding) {
        Binding other = lent.put(binding.external(), binding);
        require(other == null, "of nobody else: " + binding);
    }

    /** Flows whose owners know of them. */
    final int lent() {
        return lent.size();
    }

    static void require(boolean isTrue, String what) {
        if (!isTrue) {
            throw new IllegalStateException("expected: " + what);
        }
    }

    private boolean end(int thread, CloseCause cause) {
        Binding binding = live.get(thread).poll();
        if (binding == null) {
            return false;
        }
        lent.remove(binding.external());
        end(binding, cause);
        return true;
    }

    private static <T> List<Deque<T>> perThread() {
        return Stream.generate(() -> (Deque<T>) new ArrayDeque<T>())
                .limit(MAX_THREADS)
                .toList();
    }
}
