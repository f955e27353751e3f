package dev.cgnat.bench.trace;

import dev.cgnat.core.CloseCause;

/** How a flow ended, as far as its log tells. */
public enum Ending {
    CLIENT_FIN(CloseCause.CLIENT_FIN, true),
    SERVER_FIN(CloseCause.SERVER_FIN, true),
    RESET(CloseCause.RESET, true),
    /** The destination said no. */
    REJECTED(CloseCause.CONNECT_FAILED, true),
    /** The destination said nothing, so far. */
    UNANSWERED(CloseCause.CONNECT_FAILED, false),
    /** Nothing more was heard; a NAT keeps the port until its idle timer runs out. */
    SILENT(CloseCause.IDLE, false),
    /** Idle, and the log tells when the NAT itself found so. */
    IDLE(CloseCause.IDLE, true),
    /** A TCP flow of which the log does not tell. */
    UNKNOWN(CloseCause.CLIENT_FIN, false);

    private final CloseCause cause;
    private final boolean isFinal;

    Ending(CloseCause cause, boolean isFinal) {
        this.cause = cause;
        this.isFinal = isFinal;
    }

    /** By what cause the NAT closes such a flow; of {@link #UNKNOWN}, the cause whose hold-down is the longest with most NATs. */
    public CloseCause cause() {
        return cause;
    }

    /** Of a flow of which another line tells {@code other}, which was heard from the destination if {@code isReply}. */
    Ending with(Ending other, boolean isReply) {
        if (this == UNANSWERED) {
            return isReply && other == RESET ? REJECTED : other;
        }
        if (other == RESET || other == UNANSWERED || isFinal) {
            return other == RESET && this != REJECTED ? RESET : this;
        }
        return other;
    }

    /** Whether nothing of the flow can follow. */
    boolean isFinal() {
        return isFinal;
    }
}
