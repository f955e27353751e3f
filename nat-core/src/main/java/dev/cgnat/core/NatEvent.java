package dev.cgnat.core;

/** Something that happened in a {@link Nat}, told to its listener as it happens. */
public sealed interface NatEvent {
    /** Nanoseconds since the core was created. */
    long atNanos();

    /** A flow was given an external endpoint, at once or after waiting. */
    record Opened(Binding binding, long atNanos) implements NatEvent {}

    /** A flow was refused, at once or after waiting. */
    record Refused(FlowRequest request, Outcome.Refused refused, long atNanos) implements NatEvent {}

    /** A flow ended. Its slot is free at {@code freeAtNanos}: {@code atNanos}, or later by the hold-down. */
    record Closed(Binding binding, CloseCause cause, long freeAtNanos, long atNanos) implements NatEvent {}

    /** A binding was given up, as somebody outside the NAT holds its external endpoint. */
    record SetAside(Binding binding, long atNanos) implements NatEvent {}

    /**
     * A waiting flow waits no longer. Follows the {@link Opened} or {@link Refused} that tells the same.
     *
     * @param outcome {@link Outcome.Granted} or {@link Outcome.Refused}
     */
    record Dequeued(long ticket, Outcome outcome, long atNanos) implements NatEvent {}

    /** A subscriber was lent a port block (RFC 8158 event 16). */
    record BlockAllocated(PortBlock block, long atNanos) implements NatEvent {}

    /** A subscriber gave a port block back, as nothing lives or rests in it (RFC 8158 event 17). */
    record BlockReleased(PortBlock block, long atNanos) implements NatEvent {}
}
