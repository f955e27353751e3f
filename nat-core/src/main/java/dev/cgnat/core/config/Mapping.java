package dev.cgnat.core.config;

import java.util.Locale;

/**
 * Which flows of one internal endpoint share an external endpoint (RFC 4787 section 4.1). Legal combinations with
 * {@link ReuseScope}: see {@link PoolConfig}.
 */
public enum Mapping {
    /** All flows of an internal endpoint, whatever the destination (RFC 4787 REQ-1, RFC 5382 REQ-1). */
    ENDPOINT_INDEPENDENT,
    /** Those to the same destination address. */
    ADDRESS_DEPENDENT,
    /** Those to the same destination endpoint, which is one flow: every flow has an external endpoint of its own. */
    ADDRESS_AND_PORT_DEPENDENT;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As the configuration spells it. */
    public String key() {
        return key;
    }
}
