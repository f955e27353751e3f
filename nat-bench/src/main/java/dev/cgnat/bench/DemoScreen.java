package dev.cgnat.bench;

import static dev.cgnat.bench.Laboratory.pairs;

import dev.cgnat.bench.report.Numbers;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The live view: redrawn in place on a terminal, else one plain line a second. Draws on a thread of its own. */
final class DemoScreen implements AutoCloseable {
    /** How it draws. */
    enum Mode {
        IN_PLACE(200),
        LINES(1000);

        private final long periodMillis;

        Mode(long periodMillis) {
            this.periodMillis = periodMillis;
        }
    }

    private static final int BAR = 60;
    private static final int BLOCK_LINES = 6;
    private static final String UP = "\u001b[" + BLOCK_LINES + "A";
    private static final String CLEAR = "\u001b[2K";
    /** A terminal that is narrower than a line cuts it off: a line that went on below would be drawn anew, not over. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintWriter out;
    private final Mode mode;
    private final Supplier<PoolSnapshot> pool;
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> view;
    private volatile String phase = "starting";
    private long lastGranted;
    private long lastNanos = startNanos;
    private boolean drawn;

    DemoScreen(PrintWriter out, Mode mode, Supplier<PoolSnapshot> pool) {
        this.out = out;
        this.mode = mode;
        this.pool = pool;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "demo-screen");
            thread.setDaemon(true);
            return thread;
        });
        view = timer.scheduleAtFixedRate(this::draw, 0, mode.periodMillis, TimeUnit.MILLISECONDS);
    }

    /** Names what happens from now on. */
    void phase(String name) {
        phase = name;
    }

    private void draw() {
        try {
            long now = System.nanoTime();
            PoolSnapshot snapshot = pool.get();
            double grants = (snapshot.granted() - lastGranted) / (Math.max(now - lastNanos, 1) / 1e9);
            lastGranted = snapshot.granted();
            lastNanos = now;
            out.print(mode == Mode.IN_PLACE ? block(snapshot, now, grants) : line(snapshot, now, grants));
            out.flush();
        } catch (RuntimeException e) {
            out.println("the live view ends: " + e);
            view.cancel(false); // the story goes on without a picture
        }
    }

    private String block(PoolSnapshot pool, long now, double grants) {
        String up = drawn ? UP : "";
        drawn = true;
        return NO_WRAP
                + up
                + String.format(
                        Locale.ROOT,
                        "%6$s%1$5.1f s  %2$s%n%6$s%n%6$s  [%3$s]%n%6$s   # in use %4$d   = held %5$d   . free %7$d%n"
                                + "%6$s  flows %8$d   grants %9$.0f/s%n%6$s  refused: %10$s%n",
                        seconds(now),
                        phase,
                        bar(pool),
                        pairs(pool).inUse(),
                        pairs(pool).held(),
                        CLEAR,
                        pairs(pool).free(),
                        pool.sessions(),
                        grants,
                        Numbers.reasons(Refusals.of(pool)))
                + WRAP;
    }

    private String line(PoolSnapshot pool, long now, double grants) {
        return String.format(
                Locale.ROOT,
                "%5.1f s [%s] in use %d, held %d, free %d, flows %d, grants %.0f/s, refused: %s | %s%n",
                seconds(now),
                bar(pool),
                pairs(pool).inUse(),
                pairs(pool).held(),
                pairs(pool).free(),
                pool.sessions(),
                grants,
                Numbers.reasons(Refusals.of(pool)),
                phase);
    }

    private double seconds(long now) {
        return (now - startNanos) / 1e9;
    }

    static String bar(PoolSnapshot pool) {
        int width = BAR;
        int inUse = share(pairs(pool).inUse(), pairs(pool).capacity(), width);
        int held = Math.min(share(pairs(pool).held(), pairs(pool).capacity(), width), width - inUse);
        return "#".repeat(inUse) + "=".repeat(held) + ".".repeat(width - inUse - held);
    }

    /** Rounded up, so that the first port shows. */
    private static int share(int part, int whole, int width) {
        return (int) (((long) part * width + whole - 1) / whole);
    }

    /** Draws a last time. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            timer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        draw();
    }
}
