package dev.cgnat.bench.trace;

/** What a column of a flow log can tell. */
enum Column {
    /** When the flow began. */
    START(0),
    /** When its last packet came. */
    END(1),
    /** How long it lasted, in seconds. */
    DURATION(2),
    PROTOCOL(3),
    SOURCE(4),
    SOURCE_PORT(5),
    DESTINATION(6),
    DESTINATION_PORT(7),
    /** How it ended, in the words of the log. */
    STATE(8),
    /** Zeek: a letter for each step of the connection. */
    HISTORY(9),
    /** TCP flags of all packets together. */
    FLAGS(10),
    /** VPC: whether the traffic was let through. */
    ACTION(11),
    /** VPC: whether the line tells of traffic at all. */
    STATUS(12);

    private static final int COUNT = values().length;

    private final int place;

    Column(int place) {
        this.place = place;
    }

    /** For arrays with a place per column. */
    int place() {
        return place;
    }

    static int count() {
        return COUNT;
    }
}
