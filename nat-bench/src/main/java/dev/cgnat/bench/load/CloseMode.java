package dev.cgnat.bench.load;

/** How a flow ends. */
public enum CloseMode {
    /** The client sends its FIN first, so the external port rests (facts of TIME_WAIT: whoever closes first holds it). */
    CLIENT,
    /** The client sends a reset; nobody rests. */
    RESET,
    /**
     * The server sends its FIN first, as the client asks it to; for servers that {@link SinkServer.Talk#TELL answer} and plans
     * without payload.
     */
    SERVER
}
