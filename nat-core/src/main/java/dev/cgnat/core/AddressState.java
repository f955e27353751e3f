package dev.cgnat.core;

/** Whether new flows may leave from an external address. */
public enum AddressState {
    ACTIVE,
    /**
     * No new flow, port block or pairing goes there. What lives there goes on and what rests goes on resting; its free ports
     * count as reserved. A subscriber that kept the address is given another with its next flow, while its older flows go on
     * where they are (after RFC 7857 section 4: an address that has nothing to give holds nobody fast); its endpoint-independent
     * mappings there take no more flows.
     */
    DISABLED
}
