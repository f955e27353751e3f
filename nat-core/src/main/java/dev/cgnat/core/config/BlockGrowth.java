package dev.cgnat.core.config;

import java.util.Locale;

/** How many port blocks a subscriber is lent that has run out of ports. */
public enum BlockGrowth {
    /** One more. */
    ONE,
    /** As many as it has, so that its ports double; fewer where its limit or the free blocks ask for it. */
    DOUBLE;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As the configuration spells it. */
    public String key() {
        return key;
    }
}
