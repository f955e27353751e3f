package dev.cgnat.core.config;

/** What is tried before the port selection: a wish, never a reason to refuse (RFC 7857 sections 9 and 10). */
public enum PortPreference {
    NONE,
    /** The port of the internal endpoint, if it is legal and free. */
    SAME_PORT,
    /** A port as even or odd as that of the internal endpoint (RFC 4787 REQ-4), if one is legal and free. */
    PARITY
}
