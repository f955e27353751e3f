package dev.cgnat.proxy.metrics;

import java.util.Locale;

/** Why a client's connection was closed before it asked for a flow. */
public enum ClientRejection {
    /** It did not prove to be one of the listener's users. */
    AUTH,
    /** Its source is not among {@code acl.allow-sources}. */
    ACL,
    /** It did not speak the listener's protocol, or not in time. */
    PROTOCOL,
    /** The process is at its limit of file descriptors, or the source at its limit of handshakes. */
    LIMIT;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
