package dev.cgnat.core.pool;

/** What a pool answers to a flow: a {@link Lease}, or why it has none. */
public sealed interface Placement permits Lease, Shortage {}
