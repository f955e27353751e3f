package dev.cgnat.core;

import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.LimitConfig;
import java.util.List;

/**
 * A call of a {@link Nat} that may change it, as a value. The configuration, the random numbers and all these calls in their order
 * give the same decisions again; calls that only ask change nothing and are not needed.
 */
public sealed interface NatCall {
    /** Nanoseconds since the core was created. */
    long atNanos();

    /** {@link Nat#open}. */
    record Open(FlowRequest request, long atNanos) implements NatCall {}

    /** {@link Nat#cancel}. */
    record Cancel(Queued queued, long atNanos) implements NatCall {}

    /** {@link Nat#close} of the binding with that {@link Binding#id}. */
    record Close(long binding, CloseCause cause, long atNanos) implements NatCall {}

    /** {@link Nat#setAsidePair} of the binding with that {@link Binding#id}. */
    record SetAsidePair(long binding, long atNanos) implements NatCall {}

    /** {@link Nat#setAsideSlot} of the binding with that {@link Binding#id}. */
    record SetAsideSlot(long binding, long atNanos) implements NatCall {}

    /** {@link Nat#setAddressState}. */
    record SetAddressState(String pool, IpAddress address, AddressState state, long atNanos) implements NatCall {}

    /** {@link Nat#addAddresses}. */
    record AddAddresses(String pool, List<AddressRange> addresses, long atNanos) implements NatCall {
        public AddAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    /** {@link Nat#setLimits}. */
    record SetLimits(LimitConfig limits, long atNanos) implements NatCall {}

    /** {@link Nat#reserve}. */
    record Reserve(String pool, Protocol protocol, Endpoint external, long atNanos) implements NatCall {}

    /** {@link Nat#expire}. */
    record Expire(int limit, long atNanos) implements NatCall {}
}
