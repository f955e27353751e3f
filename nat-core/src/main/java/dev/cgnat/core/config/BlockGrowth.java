package dev.cgnat.core.config;

/** How many port blocks a subscriber is lent that has run out of ports. */
public enum BlockGrowth {
    /** One more. */
    ONE,
    /** As many as it has, so that its ports double; fewer where its limit or the free blocks ask for it. */
    DOUBLE
}
