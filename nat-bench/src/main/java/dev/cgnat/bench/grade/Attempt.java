package dev.cgnat.bench.grade;

/** What became of one try to open a flow. */
sealed interface Attempt {
    /** The sink answered. */
    record Granted(Flow flow) implements Attempt {}

    /**
     * The NAT gave no way to the sink.
     *
     * @param detail a reply's number, or a word
     * @param tookNanos from the try to the refusal, or as long as was waited
     */
    record Refused(RefusalKind kind, String detail, long tookNanos) implements Attempt {
        /** {@code SOCKS reply 1 (general)}, {@code silence}. */
        String text() {
            return detail.isEmpty() ? kind.text() : detail;
        }
    }

    /** A bound of the run ended it before it began. */
    record Bounded(String bound) implements Attempt {}

    /** The examiner's own fault or shortage. */
    record Failed(String why) implements Attempt {}
}
