package dev.cgnat.bench.trace;

/** What a column of a flow log can tell. */
enum Column {
    /** When the flow began. */
    START,
    /** When its last packet came. */
    END,
    /** How long it lasted, in seconds. */
    DURATION,
    PROTOCOL,
    SOURCE,
    SOURCE_PORT,
    DESTINATION,
    DESTINATION_PORT,
    /** How it ended, in the words of the log. */
    STATE,
    /** Zeek: a letter for each step of the connection. */
    HISTORY,
    /** TCP flags of all packets together. */
    FLAGS,
    /** VPC: whether the traffic was let through. */
    ACTION,
    /** VPC: whether the line tells of traffic at all. */
    STATUS;

    private static final Column[] ALL = values();

    static int count() {
        return ALL.length;
    }
}
