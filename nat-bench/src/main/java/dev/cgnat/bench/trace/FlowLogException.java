package dev.cgnat.bench.trace;

import java.io.IOException;

/** A log that cannot be read, or a line of it where every line must be right; the message names the file. */
public final class FlowLogException extends IOException {
    private static final long serialVersionUID = 1;

    FlowLogException(String message) {
        super(message);
    }
}
