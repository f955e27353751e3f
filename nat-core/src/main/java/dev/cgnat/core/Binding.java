package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;

/**
 * One granted flow.
 *
 * @param id different for every binding of a {@link Nat}, ascending from 1
 * @param pool name of the pool that {@code external} belongs to
 * @param external the pool's side; no other live or held flow has it within the pool's reuse scope
 */
public record Binding(
        long id, String pool, Subscriber subscriber, Endpoint internal, Endpoint external, Endpoint destination) {}
