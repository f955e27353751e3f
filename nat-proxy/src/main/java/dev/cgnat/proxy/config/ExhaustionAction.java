package dev.cgnat.proxy.config;

/** What becomes of a flow that finds no port (RFC 6888 REQ-11). */
public enum ExhaustionAction {
    /** It is told: SOCKS reply 1, HTTP 503; a forward, which has no words, resets. */
    REFUSE,
    /** Its connection is reset, whatever the front end. */
    RESET,
    /** It hears nothing until it gives up, or until {@code timeouts.opening} has passed. */
    BLACKHOLE,
    /** It waits for a port, then is refused as {@link #REFUSE}. */
    QUEUE
}
