package dev.cgnat.bench.peers.work;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Calls at equal distances, on an event loop and by its own timer: a thread beside it would cost a wake-up for each call.
 * What is late is made up for at once, and hears when it was meant to be.
 */
final class Pace {
    private final EventExecutor loop;
    private final double gapNanos;
    private final long endNanos;
    private final LongConsumer call;
    private final Runnable over;
    private final long startNanos = System.nanoTime();
    private long count;

    private Pace(EventExecutor loop, double perSecond, double seconds, LongConsumer call, Runnable over) {
        this.loop = loop;
        gapNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        endNanos = startNanos + (long) (seconds * 1e9);
        this.call = call;
        this.over = over;
    }

    /**
     * Begins; must be called on {@code loop}.
     *
     * @param call gets the intended moment, by {@link System#nanoTime()}
     * @param over called once, after the last call
     */
    static void start(EventExecutor loop, double perSecond, double seconds, LongConsumer call, Runnable over) {
        new Pace(loop, perSecond, seconds, call, over).step();
    }

    private void step() {
        long now = System.nanoTime();
        long next = next();
        while (next - now <= 0) {
            if (next - endNanos >= 0) {
                over.run();
                return;
            }
            count++;
            call.accept(next);
            next = next();
        }
        loop.schedule(this::step, next - now, TimeUnit.NANOSECONDS);
    }

    private long next() {
        return startNanos + Math.round(count * gapNanos);
    }
}
