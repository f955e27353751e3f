package dev.cgnat.bench.processes;

import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One process with a {@link DriverPart}, as its parent sees it. Thread-safe. */
final class DriverProcess implements AutoCloseable {
    private static final int ENDS_WITHIN_SECONDS = 10;
    private static final LoadCounts NOTHING = new LoadCounts(
            0, 0, 0, 0, 0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0, 0, 0, 0, 0);

    private final String name;
    private final Process process;
    private final PrintWriter orders;
    private final Listener listener;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final CompletableFuture<Tell> last = new CompletableFuture<>();
    private volatile LoadCounts counts = NOTHING;

    /** Who is told, by one thread for each process. */
    interface Listener {
        /**
         * It has told how far it is.
         *
         * @param connects times of the flows that were established since the call before
         */
        void onCounts(Histogram connects);
    }

    /** @param name for people, such as {@code driver process 2 of 3} */
    DriverProcess(String name, List<String> command, Listener listener) throws IOException {
        this.name = name;
        this.listener = listener;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
        Thread reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        String trouble = "said what cannot be read";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null && !line.equals(DriverPart.READY)) {
                line = lines.readLine(); // what loggers say of themselves
            }
            if (line != null) {
                ready.complete(null);
                for (line = lines.readLine(); line != null; line = lines.readLine()) {
                    hear(Json.read(line, Tell.class));
                }
            }
            trouble = "ended with exit code " + process.waitFor();
        } catch (IOException | RuntimeException e) {
            trouble += " (" + e.getMessage() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IllegalStateException failure = new IllegalStateException(name + " " + trouble + " (expected: a result)");
        ready.completeExceptionally(failure);
        settled.completeExceptionally(failure);
        last.completeExceptionally(failure);
    }

    private void hear(Tell tell) {
        counts = tell.counts();
        listener.onCounts(Tell.histogram(tell.connects()));
        if (tell.settled()) {
            settled.complete(null);
        }
        Optional<Tell.End> end = tell.end();
        if (end.isPresent()) {
            last.complete(tell);
        }
    }

    void order(Orders order) {
        orders.println(order);
    }

    /** What it has told so far. */
    LoadCounts counts() {
        return counts;
    }

    CompletableFuture<Void> ready() {
        return ready;
    }

    CompletableFuture<Void> settled() {
        return settled;
    }

    /** Its last word. */
    CompletableFuture<Tell> last() {
        return last;
    }

    /** Ends it at once. */
    @Override
    public void close() {
        orders.close();
        process.destroyForcibly();
        try {
            process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
