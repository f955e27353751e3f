package dev.cgnat.bench.peers;

/** The laboratory cannot be set up: the message says what is missing. */
public final class PeersException extends Exception {
    private static final long serialVersionUID = 1;

    public PeersException(String message) {
        super(message);
    }

    public PeersException(String message, Throwable cause) {
        super(message, cause);
    }
}
