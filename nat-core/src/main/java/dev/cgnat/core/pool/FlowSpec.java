package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.select.SelectionInput;

/** A flow that asks a pool for an external endpoint. */
public record FlowSpec(
        Protocol protocol,
        Subscriber subscriber,
        Endpoint internal,
        Endpoint destination,
        Mapping mapping,
        ClientClass clientClass)
        implements SelectionInput {}
