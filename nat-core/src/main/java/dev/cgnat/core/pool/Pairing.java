package dev.cgnat.core.pool;

import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.subscriber.IdleRing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which external address each subscriber keeps (RFC 4787 REQ-2): while it has live or waiting flows, and for the idle time after
 * the last one.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); about 130 bytes per subscriber remembered.
 */
/*
 * As all are remembered equally long, those that are to be forgotten are always the ones that are idle for the longest time. Many
 * subscribers have one flow at a time, so they come and go with every flow: a cache for them took a fifth of the processor time
 * where most subscribers are so.
 */
final class Pairing {
    private final long idleNanos;
    private final LongSupplier clock;
    private final Barred barred;
    private final AddressLoad load;
    private final Map<Subscriber, Pair> pairs = new HashMap<>();
    /** Those without flows. */
    private final IdleRing<Pair> idle = new IdleRing<>();
    /** Who was looked for last, as a flow asks more than once; absent if that one was forgotten. */
    private @Nullable Pair last;

    Pairing(int addresses, Duration idleTime, LongSupplier clock, Barred barred) {
        idleNanos = idleTime.toNanos();
        this.clock = clock;
        this.barred = barred;
        load = new AddressLoad(addresses);
    }

    /** From now on there are that many addresses. */
    void grow(int addresses) {
        load.grow(addresses);
    }

    /** Subscribers that keep {@code address}, be they active or remembered. */
    int subscribersOf(int address) {
        return load.of(address);
    }

    /** The address that {@code subscriber} keeps, empty if it has none or has to look for another. */
    OptionalInt addressOf(Subscriber subscriber) {
        Pair pair = pairOf(subscriber);
        return pair == null ? OptionalInt.empty() : OptionalInt.of(pair.address);
    }

    /** The same with its address, absent if it has none or has to look for another. */
    @Nullable
    Pair pairOf(Subscriber subscriber) {
        Pair pair = known(subscriber);
        return pair == null || hasLapsed(pair) || barred.isDisabled(pair.address) ? null : pair;
    }

    /** An address for a subscriber that keeps none: one with the fewest subscribers. */
    int leastLoaded(RandomGenerator random) {
        forgetLapsed();
        return barred.isAnyDisabled() ? load.least(random, barred::isDisabled) : load.least(random);
    }

    /** The address with the {@code rank}-th fewest subscribers, as of the last {@link #leastLoaded}. */
    int byLoad(int rank) {
        return load.byLoad(rank);
    }

    /**
     * A flow of {@code subscriber} begins or waits; {@code address} becomes the one that it keeps, if it keeps none or one that
     * is disabled. Returns what may be released in place of the subscriber.
     */
    Pair retain(Subscriber subscriber, int address) {
        forgetLapsed();
        Pair pair = known(subscriber);
        if (pair == null) {
            load.increment(address);
            pair = new Pair(subscriber, address);
            pairs.put(subscriber, pair);
            last = pair;
        }
        if (barred.isDisabled(pair.address()) && !barred.isDisabled(address)) {
            load.decrement(pair.address());
            load.increment(address);
            pair.address = address;
        }
        if (pair.flows++ == 0) {
            idle.remove(pair);
        }
        return pair;
    }

    /** A flow of {@code subscriber} ended, or waits no longer. */
    void release(Subscriber subscriber) {
        Pair pair = known(subscriber);
        if (pair == null || pair.flows == 0) {
            throw new IllegalStateException("subscriber: " + subscriber + " (expected: one that was retained)");
        }
        release(pair);
    }

    /** A flow has ended for which {@link #retain} returned {@code pair}, absent if it was not called. */
    void release(@Nullable Pair pair) {
        if (pair != null && --pair.flows == 0) {
            pair.idleSince = clock.getAsLong();
            idle.add(pair);
        }
    }

    private void forgetLapsed() {
        for (Pair pair = idle.longest(); pair != null && hasLapsed(pair); pair = idle.longest()) {
            idle.remove(pair);
            pairs.remove(pair.subscriber);
            load.decrement(pair.address());
            last = null;
        }
    }

    private boolean hasLapsed(Pair pair) {
        return pair.flows == 0 && clock.getAsLong() - pair.idleSince >= idleNanos;
    }

    @SuppressWarnings("ReferenceEquality") // another instance of the same name is looked up as before
    private @Nullable Pair known(Subscriber subscriber) {
        Pair pair = last;
        if (pair == null || pair.subscriber != subscriber) {
            pair = pairs.get(subscriber);
            last = pair;
        }
        return pair;
    }

    /** A subscriber and its address. */
    static final class Pair extends IdleRing.Member {
        private final Subscriber subscriber;
        private int address;
        private int flows;
        /** When it lost its last flow, while it has none. */
        private long idleSince;

        Pair(Subscriber subscriber, int address) {
            this.subscriber = subscriber;
            this.address = address;
        }

        int address() {
            return address;
        }
    }
}
