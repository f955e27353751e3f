package dev.cgnat.proxy.metrics;

import java.util.Locale;

/** The states in which a flow is counted. */
public enum SessionState {
    /** It has a port; the destination has not answered. */
    CONNECTING,
    ESTABLISHED,
    /** One side has closed. */
    HALF_CLOSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
