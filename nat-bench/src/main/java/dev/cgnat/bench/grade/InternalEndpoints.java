package dev.cgnat.bench.grade;

import dev.cgnat.bench.load.Sources;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The client endpoints, each used for one flow to one destination only, so that nothing rests on this side. */
final class InternalEndpoints {
    private static final PortRange PORTS = Sources.ALL_PORTS;
    private static final int TRIES = 100;

    private final Sources sources;
    private final RandomGenerator random;
    private final Map<Integer, BitSet> used = new HashMap<>();
    private int fresh;

    InternalEndpoints(Sources sources, RandomGenerator random) {
        this.sources = sources;
        this.random = random;
    }

    /** A subscriber that has not been asked for yet, if there is one left. */
    Optional<Integer> freshSubscriber() {
        return fresh < sources.size() ? Optional.of(fresh++) : Optional.empty();
    }

    /** How many have been asked for: 0 to that, less one, are their numbers. */
    int subscribers() {
        return fresh;
    }

    /** Any port that the subscriber has not used yet. */
    Endpoint any(int subscriber) {
        return within(subscriber, PORTS);
    }

    /** As {@link #any}, of this range if it can be. */
    Endpoint within(int subscriber, PortRange range) {
        int first = Math.max(range.first(), PORTS.first());
        int size = Math.min(range.last(), PORTS.last()) - first + 1;
        for (int i = 0; i < TRIES && size > 0; i++) {
            int port = first + random.nextInt(size);
            if (!used(subscriber).get(port)) {
                return take(subscriber, port);
            }
        }
        int port = used(subscriber).nextClearBit(PORTS.first() + random.nextInt(PORTS.size()));
        return take(subscriber, port > PORTS.last() ? used(subscriber).nextClearBit(PORTS.first()) : port);
    }

    /** A port of the caller's choice, used or not. */
    Endpoint take(int subscriber, int port) {
        used(subscriber).set(port);
        return new Endpoint(sources.address(subscriber), port);
    }

    private BitSet used(int subscriber) {
        return used.computeIfAbsent(subscriber, key -> new BitSet());
    }
}
