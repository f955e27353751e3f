package dev.cgnat.bench;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error that tells how far something has come; none where no person watches. */
final class Progress implements AutoCloseable {
    private static final long REFRESH_MILLIS = 200;

    private final Optional<ProgressBar> bar;

    private Progress(ProgressBarBuilder builder) {
        bar = Terminal.isInteractive()
                ? Optional.of(builder.setStyle(ProgressBarStyle.ASCII).build())
                : Optional.empty();
    }

    static Progress of(String task, long total) {
        return new Progress(new ProgressBarBuilder().setTaskName(task).setInitialMax(total));
    }

    /** @param total 0 if it is not known */
    static Progress ofBytes(String task, long total) {
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total == 0 ? -1 : total) // -1 is an unknown end
                .setUnit(" MB", 1_000_000));
    }

    void stepTo(long done) {
        bar.ifPresent(shown -> shown.stepTo(done));
    }

    void stepBy(long more) {
        bar.ifPresent(shown -> shown.stepBy(more));
    }

    /** Said behind the bar. */
    void say(String message) {
        bar.ifPresent(shown -> shown.setExtraMessage(message));
    }

    /** Waits until {@code run} is done; where a person watches, {@code look} moves the bar again and again. */
    void follow(Future<?> run, Runnable look) throws InterruptedException, ExecutionException {
        while (bar.isPresent()) {
            look.run();
            try {
                run.get(REFRESH_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                // not yet
            }
        }
        run.get();
    }

    /** Leaves the terminal to what comes; nothing if it has. */
    void end() {
        bar.ifPresent(ProgressBar::close);
    }

    @Override
    public void close() {
        end();
    }
}
