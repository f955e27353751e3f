package dev.cgnat.core.config;

import java.util.Locale;

/** By which formula a subscriber's ports follow from its address. */
public enum DeterministicScheme {
    /** RFC 7422 section 2, sequential: subscriber s has share s mod C of external address s ÷ C. */
    SEQUENTIAL,
    /** VPP det44: as sequential without dynamic ports, inside and outside being powers of two. */
    VPP,
    /** Junos: shares of a given size end to end; the first and the last address of each inside range are left out. */
    JUNIPER;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As the configuration spells it. */
    public String key() {
        return key;
    }
}
