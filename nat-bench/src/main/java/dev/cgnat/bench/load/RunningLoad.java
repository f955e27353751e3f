package dev.cgnat.bench.load;

import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/** A load that has begun, by whichever process. Thread-safe. */
public interface RunningLoad extends AutoCloseable {
    /** Completes when every flow has begun, is established or not, and has its echo if it asked for one. */
    CompletableFuture<Void> settled();

    LoadCounts counts();

    /** How long flows took to be established, of those that were since the last call; nanoseconds. */
    Histogram connectInterval();

    /** Lets no more flows begin; those that live go on. */
    void stop();

    /** Stops, waits for the undecided, closes what lives, and says what it came to. */
    LoadResult finish();

    /** Ends everything at once, without a result. */
    @Override
    void close();
}
