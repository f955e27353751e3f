package dev.cgnat.proxy.log;

import java.io.IOException;

/**
 * Where records go. What was added stays until a {@link #flush} has written it, however many fail before.
 *
 * <p><b>Ownership</b>: the thread of the {@link LogWriter}, but for {@link #close}.
 */
interface Sink extends AutoCloseable {
    /** Takes {@code record}; writes nothing yet. */
    void add(LogRecord record);

    /**
     * Writes all that was added. May block for as long as the far side does not take it, and may be called again after it failed:
     * what was written is not written twice, as far as one can know.
     */
    void flush() throws IOException;

    /** Ends a {@link #flush} that blocks, and gives everything back. Any thread may call; adding is over. */
    @Override
    void close();
}
