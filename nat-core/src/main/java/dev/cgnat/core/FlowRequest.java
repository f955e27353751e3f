package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.pool.FlowSpec;
import java.util.Optional;

/**
 * A flow that asks for an external endpoint.
 *
 * @param pool name of the pool that serves it
 * @param internal the client's side
 * @param destination the far side; for {@link Protocol#ICMP} the port is 0
 * @param mapping the pool's mapping behaviour if empty
 */
public record FlowRequest(
        String pool,
        Subscriber subscriber,
        Protocol protocol,
        Endpoint internal,
        Endpoint destination,
        Optional<Mapping> mapping,
        ClientClass clientClass)
        implements FlowSpec {
    /** A TCP flow with the pool's mapping behaviour. */
    public FlowRequest(String pool, Subscriber subscriber, Endpoint internal, Endpoint destination) {
        this(pool, subscriber, Protocol.TCP, internal, destination, Optional.empty(), ClientClass.SCALABLE);
    }

    public FlowRequest withProtocol(Protocol value) {
        return new FlowRequest(pool, subscriber, value, internal, destination, mapping, clientClass);
    }

    public FlowRequest withMapping(Mapping value) {
        return new FlowRequest(pool, subscriber, protocol, internal, destination, Optional.of(value), clientClass);
    }

    public FlowRequest withClientClass(ClientClass value) {
        return new FlowRequest(pool, subscriber, protocol, internal, destination, mapping, value);
    }
}
