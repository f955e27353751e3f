package dev.cgnat.core.config;

/** What a subscriber gets whose address has no legal slot while another has (RFC 7857 section 4). */
public enum PairedOverflow {
    /** The flow is refused. */
    REFUSE,
    /** The flow leaves from another address; the subscriber keeps the one that it has. */
    SPILL
}
