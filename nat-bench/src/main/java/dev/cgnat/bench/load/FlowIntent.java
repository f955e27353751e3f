package dev.cgnat.bench.load;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * One flow as it is wanted.
 *
 * @param intendedNanos when it should begin, by {@link System#nanoTime()}
 * @param whenEnded told once what became of it, by any thread
 */
record FlowIntent(long intendedNanos, Demand.Flow flow, Consumer<Demand.End> whenEnded) {
    int subscriber() {
        return flow.subscriber();
    }

    InetSocketAddress target() {
        return flow.target();
    }

    long holdNanos() {
        return flow.holdNanos();
    }
}
