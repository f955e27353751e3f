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
    LIMIT,
    /** Its PROXY header was missing, malformed, late, or from an address that is not trusted. */
    PROXY_HEADER,
    /** It came to a transparent listener, and serving it would lead back to the proxy. */
    LOOP;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
