package dev.cgnat.bench.jmh;

/** A fork failed, for want of memory for example. */
public final class BenchException extends Exception {
    private static final long serialVersionUID = 1;

    private final String log;

    /**
     * Of one case.
     *
     * @param log all that JMH and the fork said
     */
    BenchException(String message, String log, Throwable cause) {
        super(message, cause);
        this.log = log;
    }

    /** All that JMH and the fork said. */
    public String log() {
        return log;
    }
}
