package dev.cgnat.core.config;

import java.util.Locale;

/** Which external addresses one subscriber may be given (RFC 4787 REQ-2). */
public enum Pooling {
    /** One address per subscriber for as long as it has flows, and for {@link PoolConfig#pairedIdle} after. */
    PAIRED,
    /** Any address for any flow. */
    ARBITRARY;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As the configuration spells it. */
    public String key() {
        return key;
    }
}
