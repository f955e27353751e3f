package dev.cgnat.core;

import dev.cgnat.core.config.HoldDownConfig;
import java.time.Duration;
import java.util.Locale;

/** What ended a flow; the hold-down of its slot depends on it. */
public enum CloseCause {
    /** The client closed first, so the external side sent the first FIN too and would rest in TIME_WAIT. */
    CLIENT_FIN,
    /** The server closed first; the TIME_WAIT is the server's. */
    SERVER_FIN,
    /** Either side reset the flow; nobody rests. */
    RESET,
    /** Nothing was heard for too long. */
    IDLE,
    /** The destination was never reached. */
    CONNECT_FAILED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower case with underscores, such as {@code client_fin}. */
    public String label() {
        return label;
    }

    /** How long a slot rests after this. */
    public Duration holdDown(HoldDownConfig config) {
        return switch (this) {
            case CLIENT_FIN -> config.clientFin();
            case SERVER_FIN -> config.serverFin();
            case RESET -> config.reset();
            case IDLE -> config.idle();
            case CONNECT_FAILED -> config.connectFailed();
        };
    }
}
