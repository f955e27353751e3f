package dev.cgnat.core.model;

/** The policies that a random configuration draws from; one kind at a time, so that the rules stay readable. */
enum Family {
    /** Reuse scopes, pooling, hold-down, waiting. */
    BASE,
    /** Each choose-address, and paired-overflow. */
    ADDRESS_CHOICE,
    /** Endpoint-independent and address-dependent mappings, of the pool and of single flows. */
    MAPPING,
    BLOCKS,
    DETERMINISTIC,
    /** Rate and destination limits. */
    LIMITS,
    /** Every port selection and preference. */
    SELECTION,
    /** Legacy clients among scalable ones. */
    LEGACY;

    /** Whether what is due may be left to be freed later than at once, so that an address or a block may be passed over. */
    boolean isLazy() {
        return this != MAPPING && this != BLOCKS && this != DETERMINISTIC && this != LEGACY;
    }
}
