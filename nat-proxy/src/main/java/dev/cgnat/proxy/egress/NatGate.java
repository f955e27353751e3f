package dev.cgnat.proxy.egress;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.config.NatConfig;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where threads meet the single-threaded {@link Nat}.
 *
 * <p>Assumes: callbacks given to {@link #open} return at once and do not throw. Guarantees: calls from any thread are
 * carried out one after the other; the lock is held for one decision, never across input or output, and never while a
 * callback runs; time, taken inside the lock, never goes backwards; what falls due is done by the timer's thread.
 */
public final class NatGate {
    /** What one timer run may do under the lock; about 100 µs. */
    private static final int EXPIRE_BATCH = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(NatGate.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Consumer<Outcome>> waiting = new HashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService timer;
    private final Nat nat;
    private long armedNanos = Long.MAX_VALUE;
    private Optional<Future<?>> armed = Optional.empty();

    /** Decisions for {@code config}, with ports drawn by the operating system's generator (RFC 6888 REQ-15). */
    public NatGate(NatConfig config, ScheduledExecutorService timer) {
        this.timer = timer;
        nat = new Nat(config, new SecureRandom(), this::onEvent);
    }

    /**
     * {@link Nat#open}; if the outcome is {@link Outcome.Queued}, {@code whenDequeued} is told once how the waiting ended,
     * by any thread, unless {@link #cancel} comes first.
     */
    public Outcome open(FlowRequest request, Consumer<Outcome> whenDequeued) {
        return call(() -> {
            Outcome outcome = nat.open(request, nowNanos());
            if (outcome instanceof Outcome.Queued queued) {
                waiting.put(queued.ticket(), whenDequeued);
            }
            return outcome;
        });
    }

    /** See {@link Nat#close}. */
    public void close(Binding binding, CloseCause cause) {
        run(() -> nat.close(binding, cause, nowNanos()));
    }

    /** See {@link Nat#setAsidePair}. */
    public void setAsidePair(Binding binding) {
        run(() -> nat.setAsidePair(binding, nowNanos()));
    }

    /** See {@link Nat#setAsideSlot}. */
    public void setAsideSlot(Binding binding) {
        run(() -> nat.setAsideSlot(binding, nowNanos()));
    }

    /** See {@link Nat#cancel}. If it returns false, the callback has been or will be told. */
    public boolean cancel(Outcome.Queued queued) {
        return call(() -> {
            boolean wasWaiting = nat.cancel(queued, nowNanos());
            if (wasWaiting) {
                waiting.remove(queued.ticket());
            }
            return wasWaiting;
        });
    }

    /** The totals, with all that is due by now done. */
    public NatSnapshot snapshot() {
        expire();
        return call(nat::snapshot);
    }

    /** Nanoseconds on the clock of {@link Outcome.Refused#notBeforeNanos}. */
    public long nowNanos() {
        return System.nanoTime() - startNanos;
    }

    private void expire() {
        boolean more = true;
        while (more) {
            more = call(() -> nat.expire(nowNanos(), EXPIRE_BATCH) >= EXPIRE_BATCH);
        }
    }

    /** Does one batch; if more is due, {@link #arm} lets other work of the thread come in between. */
    private void onTimer(long deadlineNanos) {
        run(() -> {
            if (armedNanos == deadlineNanos) {
                armedNanos = Long.MAX_VALUE;
            }
            nat.expire(nowNanos(), EXPIRE_BATCH);
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
                armed = Optional.of(timer.schedule(() -> onTimer(deadline), delay, TimeUnit.NANOSECONDS));
                armedNanos = deadline;
            } catch (RejectedExecutionException e) {
                armed = Optional.empty(); // the timer has ended, and the proxy with it: nobody waits any more
            }
        }
    }

    /** Nothing is told and nothing is logged under the lock. */
    private void onEvent(NatEvent event) {
        if (event instanceof NatEvent.Dequeued dequeued) {
            Consumer<Outcome> callback = waiting.remove(dequeued.ticket());
            if (callback != null) {
                afterwards.add(() -> callback.accept(dequeued.outcome()));
            }
        } else if (event instanceof NatEvent.SetAside taken) {
            afterwards.add(() -> LOG.warn(
                    "{} is held by another socket of this host; left alone for a minute",
                    taken.binding().external()));
        } else if (LOG.isDebugEnabled()) {
            afterwards.add(() -> LOG.debug("{}", event));
        }
    }
}
