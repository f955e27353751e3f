package dev.cgnat.bench.load;

/** How the client ends a flow. */
public enum CloseMode {
    /** It sends its FIN first, so the external port rests (facts of TIME_WAIT: whoever closes first holds it). */
    CLIENT,
    /** It sends a reset; nobody rests. */
    RESET
}
