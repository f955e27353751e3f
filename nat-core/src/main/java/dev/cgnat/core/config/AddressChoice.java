package dev.cgnat.core.config;

/**
 * Which external address is taken: under {@link Pooling#PAIRED} for a subscriber that keeps none, under
 * {@link Pooling#ARBITRARY} for each flow. An address without a legal slot is passed over for the next one.
 */
public enum AddressChoice {
    /**
     * The one with the fewest subscribers; under {@link Pooling#ARBITRARY} the draw is uniform over the slots of all
     * addresses, which loads them evenly.
     */
    LEAST_LOADED,
    /** The first in the order of the configuration. */
    FILL_FIRST,
    /** Each in its turn. */
    ROUND_ROBIN,
    /** By a hash of the subscriber, so that it is the same at every start. */
    HASH
}
