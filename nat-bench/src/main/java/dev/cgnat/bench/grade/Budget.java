package dev.cgnat.bench.grade;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What a run may spend, and has: connections and time. One thread uses it; {@link #stop} may be called by another. */
final class Budget {
    private final int maxConnections;
    private final long startNanos = System.nanoTime();
    private final Duration maxTime;
    private int spent;
    private volatile boolean stopped;

    Budget(int maxConnections, Duration maxTime) {
        this.maxConnections = maxConnections;
        this.maxTime = maxTime;
    }

    /** Takes one connection; or says what is spent. */
    Optional<String> take() {
        if (stopped) {
            return Optional.of("the interrupt");
        }
        if (spent >= maxConnections) {
            return Optional.of(String.format(Locale.ROOT, "%,d connections", maxConnections));
        }
        if (remainingNanos() <= 0) {
            return Optional.of(Text.seconds(maxTime.toNanos()));
        }
        spent++;
        return Optional.empty();
    }

    /** No connection more. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    int spent() {
        return spent;
    }

    int remaining() {
        return stopped ? 0 : maxConnections - spent;
    }

    long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    long remainingNanos() {
        return stopped ? 0 : maxTime.toNanos() - elapsedNanos();
    }
}
