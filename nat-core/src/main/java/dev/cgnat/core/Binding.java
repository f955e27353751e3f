package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.pool.Lease;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.Objects;

/**
 * One granted flow. Only a {@link Nat} makes one, and takes it back with {@link Nat#close}; to everybody else it is a value.
 */
/*
 * It is the lease itself, so that no table has to be searched, and few lines of memory fetched, to end a flow that has been
 * out of every cache for long.
 */
public final class Binding extends Lease {
    private final long id;
    private final String pool;
    private final Endpoint internal;
    private final PoolDesk desk;
    private boolean hasEnded;

    Binding(long id, FlowRequest request, PoolDesk desk, Lease lease) {
        super(lease);
        this.id = id;
        pool = request.pool();
        internal = request.internal();
        this.desk = desk;
    }

    /** Different for every binding of a {@link Nat}, ascending from 1. */
    public long id() {
        return id;
    }

    /** Name of the pool that {@link #external} belongs to. */
    public String pool() {
        return pool;
    }

    public Subscriber subscriber() {
        return leaseOwner().subscriber();
    }

    public Protocol protocol() {
        return leaseProtocol();
    }

    /** The client's side. */
    public Endpoint internal() {
        return internal;
    }

    /**
     * The pool's side; no other live or held flow has it within the pool's reuse scope, but for flows of one mapping, which
     * share it towards different destinations.
     */
    public Endpoint external() {
        return leaseExternal();
    }

    /** The far side. */
    public Endpoint destination() {
        return leaseDestination();
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
                && pool.equals(binding.pool)
                && subscriber().equals(binding.subscriber())
                && protocol() == binding.protocol()
                && internal.equals(binding.internal)
                && external().equals(binding.external())
                && destination().equals(binding.destination());
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, external(), destination());
    }

    @Override
    public String toString() {
        return "Binding[" + id + " " + pool + " " + subscriber() + " "
                + protocol().label() + " " + internal + " -> " + external() + " -> " + destination() + "]";
    }
}
