package dev.cgnat.proxy.egress;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time of a {@link NatGate} and what wakes it; any thread may ask. */
interface GateClock {
    /** Nanoseconds since the clock was made; never goes backwards. */
    long nowNanos();

    /**
     * Runs {@code task} once, {@code delayNanos} from now or later, never inside this call.
     *
     * @throws RejectedExecutionException if there is nobody any more who could
     */
    Future<?> schedule(Runnable task, long delayNanos);

    /** The time of this machine, from now on; tasks are run by {@code timer}. */
    static GateClock of(ScheduledExecutorService timer) {
        long startNanos = System.nanoTime();
        return new GateClock() {
            @Override
            public long nowNanos() {
                return System.nanoTime() - startNanos;
            }

            @Override
            public Future<?> schedule(Runnable task, long delayNanos) {
                return timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            }
        };
    }
}
