package dev.cgnat.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order on SIGINT: the JVM waits, 15 s at most, until the command has printed what it has so far,
 * then ends with 130.
 */
final class Interrupt implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 15;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean raised;

    /** @param stop asks the command to end; must not block */
    Interrupt(Runnable stop) {
        hook = new Thread(() -> {
            if (done.getCount() > 0) {
                raised = true;
                stop.run();
                awaitDone();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isRaised() {
        return raised;
    }

    /** The command has printed all. */
    @Override
    public void close() {
        done.countDown();
        if (!raised) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the JVM ends at this moment; the hook finds the work done
            }
        }
    }

    private void awaitDone() {
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
