package dev.cgnat.proxy.egress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.ListenerConfig;

/** Which way a flow takes to its destination. */
public sealed interface Route {
    /** Through its pool, to {@code destination}. */
    record Translated(Endpoint destination) implements Route {}

    /** Untranslated, from an address of the host (RFC 6888 REQ-6). */
    record Bypassed(Endpoint destination) implements Route {}

    /**
     * To a service behind this NAT: the target of {@code forward} is dialled, from the client's external endpoint and not
     * through the forward's own listener (RFC 5382 REQ-8).
     */
    record Hairpin(ListenerConfig forward) implements Route {}

    /** Nowhere; {@code rule} says by which rule. */
    record Denied(String rule) implements Route {}

    /** Nowhere, as no pool has an address of its family. */
    record UnsupportedFamily() implements Route {}
}
