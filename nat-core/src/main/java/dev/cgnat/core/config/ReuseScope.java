package dev.cgnat.core.config;

import java.util.Locale;

/** Within what an external port may be used only once, by live and by held flows alike. */
public enum ReuseScope {
    /** Once on the whole NAT, whatever the address: the global TCP port space of a default Windows host. Holds P flows. */
    HOST,
    /** Once per external address: SO_PORT_SCALABILITY, bind-before-connect. Holds A·P flows. */
    ADDRESS,
    /** Once per external address and remote address: address-dependent mapping. Holds A·P flows to each remote host. */
    REMOTE_HOST,
    /**
     * Once per external address, remote address and remote port: Linux connect(), cloud NAT gateways (RFC 7857 section
     * 3). Holds A·P flows to each destination endpoint.
     */
    FOUR_TUPLE;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Whether slots of this scope can be kept for flows that share {@code mapping}. */
    public boolean allows(Mapping mapping) {
        return switch (mapping) {
            case ENDPOINT_INDEPENDENT -> this == HOST || this == ADDRESS;
            case ADDRESS_DEPENDENT -> this != FOUR_TUPLE;
            case ADDRESS_AND_PORT_DEPENDENT -> true;
        };
    }

    /** Whether a port that is in use towards one destination may serve flows to others at the same time. */
    public boolean isPerDestination() {
        return this == REMOTE_HOST || this == FOUR_TUPLE;
    }

    /** As the configuration spells it. */
    public String key() {
        return key;
    }
}
