package dev.cgnat.bench.report;

import java.util.List;

/** What a run came to, as the commands print it as JSON: it can be read again, drawn and compared. */
public sealed interface SavedReport permits RunReport, LoadReport, TwinReport {
    /** Which command made it. */
    String command();

    /** In the shape that all commands share. */
    RunReport run();

    /** What its page is drawn of: the shape that all commands share, and what a command adds to it. */
    default Object page() {
        return run();
    }

    /** The same for people. */
    String text();

    /** The samples, a row each, with a header. */
    default String csv() {
        return run().csv();
    }

    /** Names of what it measured, in the order in which people read them; each may stand in a {@link Threshold}. */
    List<String> metrics();

    /**
     * The value of a metric, times in milliseconds: {@code NaN} if nothing was measured, and infinite for what never came;
     * {@link IllegalArgumentException} if there is no such metric.
     */
    double value(String metric);
}
