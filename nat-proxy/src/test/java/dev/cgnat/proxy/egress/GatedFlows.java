package dev.cgnat.proxy.egress;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Validate;

/** {@link LincheckedFlows} through a {@link NatGate}, whose timer runs when an operation says so. */
public final class GatedFlows extends LincheckedFlows {
    private final Queue<FutureTask<?>> alarms = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final NatGate gate =
            new NatGate(CONFIG, new RefusalText(Set.of()), event -> {}, new StoppedClock(), random());

    /** Every queued flow was told once, cancelled, or waits; the flows that live are those whose owners know it. */
    @Validate
    public void everybodyKnows() {
        PoolSnapshot pool = snapshot().pool("main");
        require(told.get() + cancelled.get() + pool.waiting() == queued.get(), "told or cancelled as often as queued");
        require(lent() == pool.sessions() && pool.sessions() <= PORTS, "known to their owners, and no more than ports");
    }

    @Override
    public void timerRuns() {
        for (int before = alarms.size(); before > 0; before--) { // one that runs early asks again
            Optional.ofNullable(alarms.poll()).ifPresent(FutureTask::run);
        }
    }

    @Override
    Outcome ask(FlowRequest request) {
        Outcome outcome = gate.open(request, ended -> {
            told.incrementAndGet();
            if (ended instanceof Granted granted) {
                lent(granted.binding());
            }
        });
        if (outcome instanceof Queued) {
            queued.incrementAndGet();
        }
        return outcome;
    }

    @Override
    void end(Binding binding, CloseCause cause) {
        gate.close(binding, cause);
    }

    @Override
    boolean giveUp(Queued waiting) {
        boolean wasWaiting = gate.cancel(waiting);
        if (wasWaiting) {
            cancelled.incrementAndGet();
        }
        return wasWaiting;
    }

    @Override
    NatSnapshot snapshot() {
        return gate.snapshot();
    }

    private final class StoppedClock implements GateClock {
        @Override
        public long nowNanos() {
            return GatedFlows.this.nowNanos();
        }

        @Override
        public Future<?> schedule(Runnable task, long delayNanos) {
            FutureTask<?> alarm = new FutureTask<>(task, null);
            alarms.add(alarm);
            return alarm;
        }
    }
}
