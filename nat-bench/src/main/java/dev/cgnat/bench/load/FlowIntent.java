package dev.cgnat.bench.load;

import java.net.InetSocketAddress;

/**
 * One flow as the arrival process wants it.
 *
 * @param intendedNanos when it should begin, by {@link System#nanoTime()}
 * @param subscriber index in {@link Sources}
 * @param holdNanos how long it lives once established, 0 or more
 */
record FlowIntent(long intendedNanos, int subscriber, InetSocketAddress target, long holdNanos) {}
