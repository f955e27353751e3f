package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.pool.Lease;
import dev.cgnat.core.pool.Place;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.Objects;

/**
 * One granted flow. Only a {@link Nat} makes one, and takes it back with {@link Nat#close}; to everybody else it is a value.
 */
/*
 * It is the lease itself, so that no table has to be searched to end a flow, and one object alone has to be fetched and to be
 * moved by a garbage collector. Its endpoints are made when asked for.
 */
public final class Binding extends Lease {
    private final long id;
    private final PoolDesk desk;
    private final IpAddress internalAddress;
    private final char internalPort;
    private boolean hasEnded;

    Binding(long id, FlowRequest request, PoolDesk desk, Place place) {
        super(place, request.destination());
        this.id = id;
        this.desk = desk;
        internalAddress = request.internal().address();
        internalPort = (char) request.internal().port();
    }

    /** Different for every binding of a {@link Nat}, ascending from 1. */
    public long id() {
        return id;
    }

    /** Name of the pool that {@link #external} belongs to. */
    public String pool() {
        return desk.pool().config().name();
    }

    public Subscriber subscriber() {
        return leaseOwner().subscriber();
    }

    public Protocol protocol() {
        return leaseProtocol();
    }

    /** The client's side. */
    public Endpoint internal() {
        return new Endpoint(internalAddress, internalPort);
    }

    /**
     * The pool's side; no other live or held flow has it within the pool's reuse scope, but for flows of one mapping, which
     * share it towards different destinations.
     */
    public Endpoint external() {
        return desk.pool().external(this);
    }

    /** The far side. */
    public Endpoint destination() {
        return leaseDestination();
    }

    /** Which of the pool's external addresses it is, counted from 0 in the order of the configuration. Makes no object. */
    public int externalAddressIndex() {
        return leaseAddress();
    }

    /** External ports of the flow's protocol that its subscriber has now, over all pools, live or at rest. */
    public int subscriberPorts() {
        return leaseOwner().ports(leaseProtocol());
    }

    PoolDesk desk() {
        return desk;
    }

    SubscriberUse owner() {
        return leaseOwner();
    }

    boolean hasEnded() {
        return hasEnded;
    }

    void end() {
        hasEnded = true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Binding binding
                && id == binding.id
                && pool().equals(binding.pool())
                && subscriber().equals(binding.subscriber())
                && protocol() == binding.protocol()
                && internal().equals(binding.internal())
                && external().equals(binding.external())
                && destination().equals(binding.destination());
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, external(), destination());
    }

    @Override
    public String toString() {
        return "Binding[" + id + " " + pool() + " " + subscriber() + " "
                + protocol().label() + " " + internal() + " -> " + external() + " -> " + destination() + "]";
    }
}
