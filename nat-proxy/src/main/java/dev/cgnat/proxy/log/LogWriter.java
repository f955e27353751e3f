package dev.cgnat.proxy.log;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Takes records to their sink, batch by batch, for as long as it takes.
 *
 * <p>Assumes that the source is asked by this thread alone. Guarantees that what the source gave is written, in its order, or was
 * told as lost when {@link #close} did not wait any longer.
 */
final class LogWriter implements AutoCloseable {
    /** Nobody wakes this thread, as waking costs whoever does more than the record. */
    private static final long IDLE_MILLIS = 10;

    private static final long RETRY_MILLIS = 1_000;

    /** A sink that takes nothing for so long has failed. */
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long END_MILLIS = 2_000;
    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final Source source;
    private final Sink sink;
    private final IntConsumer lost;
    private final Thread thread = new Thread(this::run, "translation-log");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<String> failure = Optional.empty();
    private volatile long writingSinceNanos = NOT_WRITING;

    /** Where records come from. */
    interface Source {
        /** Adds what is there, up to a batch, to {@code to}; returns how many. */
        int drainTo(Sink to);
    }

    /** @param lost told how many records were given up at the end */
    LogWriter(Source source, Sink sink, IntConsumer lost) {
        this.source = source;
        this.sink = sink;
        this.lost = lost;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Why nothing is written at the moment; empty if all is well. Any thread may ask. */
    Optional<String> failure() {
        long since = writingSinceNanos;
        if (since != NOT_WRITING && System.nanoTime() - since > STALLED_NANOS) {
            return Optional.of("takes nothing");
        }
        return failure;
    }

    /** Writes what is there, for two seconds at most, and ends. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(END_MILLIS);
            sink.close(); // ends a write that blocks
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            sink.close();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean isLast;
            do {
                isLast = closing.getCount() == 0;
                int batch = source.drainTo(sink);
                if (batch > 0) {
                    if (!write()) {
                        lost.accept(batch);
                        return;
                    }
                } else if (!isLast) {
                    closing.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                }
                isLast &= batch == 0;
            } while (!isLast);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by nobody of ours
        }
    }

    /** Tries until it is done; false if that was given up, as the end has come. */
    private boolean write() throws InterruptedException {
        while (true) {
            writingSinceNanos = System.nanoTime();
            try {
                sink.flush();
                failure = Optional.empty();
                return true;
            } catch (IOException | RuntimeException e) {
                failure = Optional.of(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
            } finally {
                writingSinceNanos = NOT_WRITING;
            }
            if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
    }
}
