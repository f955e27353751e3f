package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;

/**
 * A flow that asks for an external endpoint.
 *
 * @param pool name of the pool that serves it
 * @param internal the client's side
 * @param destination the far side
 */
public record FlowRequest(String pool, Subscriber subscriber, Endpoint internal, Endpoint destination) {}
