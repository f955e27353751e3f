package dev.cgnat.core.pool;

/** What a pool answers to a flow: a {@link Place}, or why it has none. */
public sealed interface Placement permits Place, Shortage {}
