package dev.cgnat.proxy.relay;

import dev.cgnat.core.CloseCause;

/** The two ends of a flow, as the proxy sees them. */
enum Side {
    CLIENT(CloseCause.CLIENT_FIN),
    OUTSIDE(CloseCause.SERVER_FIN);

    private final CloseCause finCause;

    Side(CloseCause finCause) {
        this.finCause = finCause;
    }

    Side opposite() {
        return this == CLIENT ? OUTSIDE : CLIENT;
    }

    /** What ended the flow if this side closed first. */
    CloseCause finCause() {
        return finCause;
    }
}
