package dev.cgnat.bench.trace;

import java.util.Optional;

/** How one kind of log spells its lines. */
interface Dialect {
    /** Between fields. */
    char separator();

    /** Around fields that contain a separator; a character that occurs nowhere if the dialect has no quotes. */
    default char quote() {
        return LogLines.NEVER;
    }

    /** At the beginning of a comment; a character that occurs nowhere if the dialect has none. */
    default char comment() {
        return LogLines.NEVER;
    }

    /** What the column of that name tells, empty if it does not matter here. */
    Optional<Column> column(String name);

    /**
     * Whether the source of a line is whoever began the flow, and the line tells of both directions. Otherwise each direction
     * has lines of its own.
     */
    boolean tellsInitiator();

    /** The finest difference that its times can tell, in nanoseconds. */
    long resolutionNanos();

    /** Reads a line, as far as the row has it. {@code flow} is set if the verdict is {@link Verdict#FLOW}. */
    Verdict read(Row row, LoggedFlow flow) throws BrokenLineException;
}
