package dev.cgnat.bench.workload;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Protocol;

/**
 * A flow as a subscriber wants it.
 *
 * @param destination index in the group's {@link Destinations}
 * @param lifetimeNanos from its grant to its end, 0 or more
 * @param cause what ends it
 * @param bypasses whether it needs no translation
 */
public record Wish(int destination, Protocol protocol, long lifetimeNanos, CloseCause cause, boolean bypasses) {}
