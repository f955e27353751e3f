package dev.cgnat.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;

/**
 * What a run in virtual time costs, from its beginning on: processor time of the thread that makes it, of the whole process
 * (garbage collection and compiler included), and time by the clock.
 */
final class RunCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long threadNanos = THREADS.getCurrentThreadCpuTime();
    private final Duration process = processTime();
    private final long clockNanos = System.nanoTime();

    /** One line for people; to be called by the thread that began. */
    String text(long events, int mostLive) {
        double seconds = (THREADS.getCurrentThreadCpuTime() - threadNanos) / 1e9;
        return String.format(
                Locale.ROOT,
                "%,d events in %.2f s of processor time: %,.0f per second, at most %,d flows live;"
                        + " the whole process took %.2f s, and %.2f s by the clock",
                events,
                seconds,
                events / Math.max(seconds, 1e-3),
                mostLive,
                processTime().minus(process).toMillis() / 1e3,
                (System.nanoTime() - clockNanos) / 1e9);
    }

    private static Duration processTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
