package dev.cgnat.core;

import java.util.Locale;

/**
 * Why a flow was refused: the one list of the whole project, in the order in which the reasons are checked.
 *
 * <p>{@link #label()} is the metric label. What each means on the wire is in the list of nat-proxy.
 */
public enum Refusal {
    /** The subscriber has all the live flows that it may have. */
    SESSION_LIMIT(Kind.LIMIT),
    /** The subscriber has all the live flows and held slots that it may have. */
    PORT_LIMIT(Kind.LIMIT),
    /** The subscriber has all the port blocks that it may have, and no legal slot in them. */
    BLOCK_LIMIT(Kind.LIMIT),
    /** The subscriber has opened all the flows that it may open in so short a time. */
    RATE_LIMIT(Kind.LIMIT),
    /** The destination has all the flows that it may have from one external address. */
    DESTINATION_LIMIT(Kind.LIMIT),
    /** The subscriber's address has no legal slot; another address has. */
    PAIRED_ADDRESS_FULL(Kind.OUT_OF_PORTS),
    /** No legal slot is free, and at least one rests. */
    HELD(Kind.OUT_OF_PORTS),
    /** No legal slot is free, and none rests. */
    EXHAUSTED(Kind.OUT_OF_PORTS),
    /** An imitated search stopped while a legal slot was free. */
    SEARCH_GAVE_UP(Kind.SEARCH),
    /** Ten draws met foreign sockets. Decided by the shell. */
    OS_BIND(Kind.SHELL),
    /** The process is at its limit of file descriptors or sessions. Decided by the shell. */
    DESCRIPTORS(Kind.SHELL),
    /** The NAT takes no new flows, as it is about to end. Decided by the shell. */
    DRAINING(Kind.SHELL),
    /** Nobody could write down who had the flow, and the operator wants none that is not. Decided by the shell. */
    LOG_UNAVAILABLE(Kind.SHELL),
    /** An access rule says that nobody may go there. Decided by the shell. */
    DENIED(Kind.SHELL);

    private enum Kind {
        LIMIT,
        OUT_OF_PORTS,
        SEARCH,
        SHELL
    }

    private final Kind kind;
    private final String label;

    Refusal(Kind kind) {
        this.kind = kind;
        label = name().toLowerCase(Locale.ROOT);
    }

    /** Lower case with underscores, such as {@code paired_address_full}. */
    public String label() {
        return label;
    }

    /** Whether the flow got no port, be it that there was none or that none was found; what alerts count. */
    public boolean isOutOfPorts() {
        return kind == Kind.OUT_OF_PORTS || kind == Kind.SEARCH;
    }

    /** Whether there was no port; such a flow may wait for one. */
    public boolean mayWait() {
        return kind == Kind.OUT_OF_PORTS;
    }

    /** Whether the shell decides this, never {@link Nat}. */
    public boolean isShell() {
        return kind == Kind.SHELL;
    }
}
