package dev.cgnat.proxy.egress;

import dev.cgnat.core.AddressState;
import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.DryRun;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatCall;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatViews;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.random.KeyedRandom;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where threads meet the single-threaded {@link Nat}.
 *
 * <p>Assumes
 * <ul>
 *   <li>callbacks given to {@link #open} return at once and do not throw; they may call the gate;
 *   <li>the listener of events returns at once, does not throw, and does not call the gate;
 *   <li>the timer runs what it is given later, not inside the call, and each task once.
 * </ul>
 *
 * <p>Guarantees
 * <ul>
 *   <li>calls from any thread are carried out one after the other, as if one thread had made them; {@link #snapshot} too is
 *       of one moment, however many holds of the lock it takes to do what is due;
 *   <li>a queued flow is told once, or was cancelled; being told comes after the decision, so that others may see the flow live
 *       before its owner knows;
 *   <li>the listener hears every event in the order of the decisions, under the lock;
 *   <li>the lock is held for one decision or one batch of what is due, never across input or output, and never while another
 *       callback runs or a line is logged;
 *   <li>time, taken inside the lock, never goes backwards; what falls due is done by the timer's thread.
 * </ul>
 *
 * <p><b>Costs</b>: a decision of {@link Nat} and an uncontended lock; threads that meet wait for each other's decisions.
 */
public final class NatGate {
    /** What one timer run may do under the lock; about 100 µs. */
    private static final int EXPIRE_BATCH = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(NatGate.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Consumer<Outcome>> waiting = new HashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final GateClock clock;
    private final TimedNat nat;
    private final EventLog events;
    private final Consumer<NatEvent> listener;
    private long armedNanos = Long.MAX_VALUE;
    private Optional<Future<?>> armed = Optional.empty();

    /** As {@link #NatGate(NatConfig, RefusalText, ScheduledExecutorService)}, without pools that imitate Windows. */
    public NatGate(NatConfig config, ScheduledExecutorService timer) {
        this(config, new RefusalText(Set.of()), timer);
    }

    /** As {@link #NatGate(NatConfig, RefusalText, Consumer, ScheduledExecutorService)}, with nobody who listens. */
    public NatGate(NatConfig config, RefusalText words, ScheduledExecutorService timer) {
        this(config, words, event -> {}, timer);
    }

    /**
     * Decisions for {@code config}, with ports drawn from a keyed generator whose seed is the operating system's (RFC 6888
     * REQ-15): drawing under the lock is neither a call of the system nor another lock.
     *
     * @param words how refusals are logged
     * @param listener is told everything that happens
     */
    public NatGate(NatConfig config, RefusalText words, Consumer<NatEvent> listener, ScheduledExecutorService timer) {
        this(config, words, listener, GateClock.of(timer), KeyedRandom.from(new SecureRandom()), Optional.empty());
    }

    NatGate(NatConfig config, RefusalText words, Consumer<NatEvent> listener, GateClock clock, RandomGenerator random) {
        this(config, words, listener, clock, random, Optional.empty());
    }

    private NatGate(
            NatConfig config,
            RefusalText words,
            Consumer<NatEvent> listener,
            GateClock clock,
            RandomGenerator random,
            Optional<Consumer<NatCall>> tape) {
        this.clock = clock;
        this.listener = listener;
        events = new EventLog(LOG, words);
        nat = new TimedNat(new Nat(config, random, this::onEvent), clock, tape);
    }

    /**
     * A gate whose decisions can be repeated, for tests and for comparisons with virtual time; never for the traffic of others:
     * whoever knows {@code seed} foretells every port, which is what RFC 6888 REQ-15 forbids. No configuration leads here.
     *
     * @param seed of {@link KeyedRandom#seeded}
     * @param tape told of each call of the NAT that may change it, in their order, under the lock; must return at once
     */
    public static NatGate rehearsed(
            NatConfig config,
            RefusalText words,
            Consumer<NatEvent> listener,
            ScheduledExecutorService timer,
            long seed,
            Consumer<NatCall> tape) {
        return new NatGate(config, words, listener, GateClock.of(timer), KeyedRandom.seeded(seed), Optional.of(tape));
    }

    /**
     * {@link Nat#open}; if the outcome is {@link Outcome.Queued}, {@code whenDequeued} is told once how the waiting ended,
     * by any thread, unless {@link #cancel} comes first.
     */
    public Outcome open(FlowRequest request, Consumer<Outcome> whenDequeued) {
        return call(() -> {
            Outcome outcome = nat.open(request);
            if (outcome instanceof Outcome.Queued queued) {
                waiting.put(queued.ticket(), whenDequeued);
            }
            return outcome;
        });
    }

    /** See {@link Nat#close}. */
    public void close(Binding binding, CloseCause cause) {
        run(() -> nat.close(binding, cause));
    }

    /** See {@link Nat#setAsidePair}. */
    public void setAsidePair(Binding binding) {
        run(() -> nat.setAsidePair(binding));
    }

    /** See {@link Nat#setAsideSlot}. */
    public void setAsideSlot(Binding binding) {
        run(() -> nat.setAsideSlot(binding));
    }

    /** See {@link Nat#setAddressState}. */
    public void setAddressState(String pool, IpAddress address, AddressState state) {
        run(() -> nat.setAddressState(pool, address, state));
    }

    /** See {@link Nat#addAddresses}. */
    public void addAddresses(String pool, List<AddressRange> addresses) {
        run(() -> nat.addAddresses(pool, addresses));
    }

    /** See {@link Nat#growthObstacle}. */
    public Optional<String> growthObstacle(String pool) {
        return call(() -> nat.growthObstacle(pool));
    }

    /** See {@link Nat#setLimits}. */
    public void setLimits(LimitConfig limits) {
        run(() -> nat.setLimits(limits));
    }

    /** Looks at a part of what the NAT holds; {@code look} does no more than one call of the views, as others wait meanwhile. */
    public <T> T view(Function<NatViews, T> look) {
        return call(() -> look.apply(nat.views()));
    }

    /** See {@link Nat#reserve}; for TCP. */
    public boolean reserve(String pool, Endpoint external) {
        return call(() -> nat.reserve(pool, external));
    }

    /** See {@link Nat#cancel}. If it returns false, the callback has been or will be told. */
    public boolean cancel(Outcome.Queued queued) {
        return call(() -> {
            boolean wasWaiting = nat.cancel(queued);
            if (wasWaiting) {
                waiting.remove(queued.ticket());
            }
            return wasWaiting;
        });
    }

    /** The totals, with all that is due by now done. */
    public NatSnapshot snapshot() {
        Optional<NatSnapshot> snapshot;
        do {
            snapshot = call(() -> expireBatch() < EXPIRE_BATCH ? Optional.of(nat.snapshot()) : Optional.empty());
        } while (snapshot.isEmpty());
        return snapshot.get();
    }

    /** See {@link Nat#explain}; with all that is due by now done. */
    public DryRun explain(FlowRequest request) {
        Optional<DryRun> dryRun;
        do {
            dryRun = call(() -> expireBatch() < EXPIRE_BATCH ? Optional.of(nat.explain(request)) : Optional.empty());
        } while (dryRun.isEmpty());
        return dryRun.get();
    }

    /** Nanoseconds on the clock of {@link Outcome.Refused#notBeforeNanos}. */
    public long nowNanos() {
        return clock.nowNanos();
    }

    private int expireBatch() {
        return nat.expire(EXPIRE_BATCH);
    }

    /** Does one batch; if more is due, {@link #arm} lets other work of the thread come in between. */
    private void onTimer(long deadlineNanos) {
        run(() -> {
            if (armedNanos == deadlineNanos) {
                armedNanos = Long.MAX_VALUE;
            }
            expireBatch();
        });
    }

    private void run(Runnable action) {
        call(() -> {
            action.run();
            return true;
        });
    }

    private <T> T call(Supplier<T> action) {
        T result;
        List<Runnable> tellings;
        lock.lock();
        try {
            result = action.get();
            tellings = takeAfterwards();
            arm();
        } finally {
            lock.unlock();
        }
        tellings.forEach(Runnable::run);
        return result;
    }

    private List<Runnable> takeAfterwards() {
        if (afterwards.isEmpty()) {
            return List.of();
        }
        List<Runnable> taken = List.copyOf(afterwards);
        afterwards.clear();
        return taken;
    }

    /** One timer at a time: what is due earlier takes the place of what is due later. */
    private void arm() {
        long deadline = nat.nextDeadlineNanos();
        if (deadline < armedNanos) {
            armed.ifPresent(timerRun -> timerRun.cancel(false));
            long delay = Math.max(0, deadline - nowNanos());
            try {
                armed = Optional.of(clock.schedule(() -> onTimer(deadline), delay));
                armedNanos = deadline;
            } catch (RejectedExecutionException e) {
                armed = Optional.empty(); // the timer has ended, and the proxy with it: nobody waits any more
            }
        }
    }

    /** Nothing is told and nothing is logged under the lock. */
    private void onEvent(NatEvent event) {
        listener.accept(event);
        if (event instanceof NatEvent.Dequeued dequeued) {
            Consumer<Outcome> callback = waiting.remove(dequeued.ticket());
            if (callback != null) {
                afterwards.add(() -> callback.accept(dequeued.outcome()));
            }
        } else {
            events.lineOf(event).ifPresent(afterwards::add);
        }
    }
}
