package dev.cgnat.proxy.metrics;

import java.util.Locale;

/** What became of a client's request for a flow. */
public enum OpenResult {
    ESTABLISHED,
    /** The destination refused the connection. */
    REFUSED,
    TIMEOUT,
    /** No route, no name, or any other reason why the destination was not reached. */
    UNREACHABLE,
    /** The client was gone before the destination answered. */
    RESET,
    /** The NAT refused; the reason is in {@code cgn_port_allocation_failures_total}. */
    NO_PORT,
    /** An access rule says that nobody may go there. */
    DENIED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
