package dev.cgnat.bench.processes;

import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The driver process's side of {@link DriverProcesses}: it heeds orders, and tells what it does. */
public final class DriverPart {
    /** Its first line. */
    static final String READY = "ready";

    private static final long TELL_MILLIS = 100;
    private static final int ORPHANED = 1;

    private final BufferedReader orders;
    private final PrintWriter out;
    private final CompletableFuture<Void> mayFinish = new CompletableFuture<>();

    /** @param out where nobody else writes */
    public DriverPart(InputStream in, PrintWriter out) {
        orders = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
    }

    /** Says that this process is ready, and waits until all are. */
    public void awaitStart() throws IOException {
        out.println(READY);
        out.flush();
        next();
    }

    /** Until whoever started it has had enough of {@code driver}. */
    public void run(LoadDriver driver) throws InterruptedException, ExecutionException {
        Thread listener = new Thread(() -> heed(driver), "orders");
        listener.setDaemon(true);
        listener.start();
        while (!isDone(driver.settled())) {
            tell(driver, false);
        }
        tell(driver, true);
        mayFinish.get();
        LoadResult result = driver.finish();
        out.println(Json.line(new Tell(
                result.counts(), Tell.text(driver.connectInterval()), true, Optional.of(Tell.End.of(result)))));
        out.flush();
    }

    private static boolean isDone(CompletableFuture<Void> settled) throws InterruptedException, ExecutionException {
        try {
            settled.get(TELL_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void tell(LoadDriver driver, boolean settled) {
        String connects = Tell.text(driver.connectInterval()); // before the counts, so that these have no less
        out.println(Json.line(new Tell(driver.counts(), connects, settled, Optional.empty())));
        out.flush();
    }

    private void heed(LoadDriver driver) {
        try {
            while (next() != Orders.FINISH) {
                driver.stop();
            }
            mayFinish.complete(null);
            next(); // its end
        } catch (IOException e) {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }

    /** Ends this process where there is none: whoever started it is gone. */
    private Orders next() throws IOException {
        String order = orders.readLine();
        if (order == null) {
            Runtime.getRuntime().halt(ORPHANED);
        }
        return Orders.valueOf(order);
    }
}
