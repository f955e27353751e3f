package dev.cgnat.core.select;

import dev.cgnat.core.address.Endpoint;

/** What a selection may know of a flow: the hashes of RFC 6056 section 3.3.3 are taken over it. */
public interface SelectionInput {
    Endpoint internal();

    Endpoint destination();
}
