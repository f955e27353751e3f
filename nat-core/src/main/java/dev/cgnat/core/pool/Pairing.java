package dev.cgnat.core.pool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.cgnat.core.address.Subscriber;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which external address each subscriber keeps (RFC 4787 REQ-2).
 *
 * <p>A subscriber with live or waiting flows stands in a plain map, so no pairing lapses under a live flow. With its last
 * flow it moves to a cache that forgets it after the idle time, by the core's clock and in the core's thread.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); about 150 bytes per subscriber remembered.
 */
final class Pairing {
    private final Barred barred;
    private final AddressLoad load;
    private final Map<Subscriber, Pair> active = new HashMap<>();
    private final Cache<Subscriber, Integer> idle;
    /** Who was looked for last, as a flow asks more than once; absent if that one is idle. */
    private @Nullable Pair last;

    Pairing(int addresses, Duration idleTime, Ticker ticker, Barred barred) {
        this.barred = barred;
        load = new AddressLoad(addresses);
        idle = Caffeine.newBuilder()
                .expireAfterAccess(idleTime)
                .ticker(ticker)
                .executor(Runnable::run)
                .removalListener(this::onRemoval)
                .build();
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
        Pair pair = known(subscriber);
        if (pair != null) {
            return barred.isDisabled(pair.address()) ? OptionalInt.empty() : pair.address;
        }
        Integer remembered = idle.policy().getIfPresentQuietly(subscriber); // a look does not prolong it
        return remembered == null || barred.isDisabled(remembered) ? OptionalInt.empty() : OptionalInt.of(remembered);
    }

    /** An address for a subscriber that keeps none: one with the fewest subscribers. */
    int leastLoaded(RandomGenerator random) {
        idle.cleanUp(); // whoever lapsed by now no longer counts
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
        Pair pair = known(subscriber);
        if (pair == null) {
            Integer remembered = idle.asMap().remove(subscriber);
            if (remembered == null) {
                load.increment(address);
            }
            pair = new Pair(subscriber, remembered == null ? address : remembered);
            active.put(subscriber, pair);
        }
        if (barred.isDisabled(pair.address()) && !barred.isDisabled(address)) {
            load.decrement(pair.address());
            load.increment(address);
            pair.address = OptionalInt.of(address);
        }
        pair.flows++;
        return pair;
    }

    /** A flow of {@code subscriber} ended, or waits no longer. */
    void release(Subscriber subscriber) {
        Pair pair = known(subscriber);
        if (pair == null) {
            throw new IllegalStateException("subscriber: " + subscriber + " (expected: one that was retained)");
        }
        release(pair);
    }

    /** A flow has ended for which {@link #retain} returned {@code pair}, absent if it was not called. */
    void release(@Nullable Pair pair) {
        if (pair != null && --pair.flows == 0) {
            last = null;
            active.remove(pair.subscriber);
            idle.put(pair.subscriber, pair.address());
        }
    }

    @SuppressWarnings("ReferenceEquality") // another instance of the same name is looked up as before
    private @Nullable Pair known(Subscriber subscriber) {
        Pair pair = last;
        if (pair == null || pair.subscriber != subscriber) {
            pair = active.get(subscriber);
            last = pair;
        }
        return pair;
    }

    private void onRemoval(@Nullable Subscriber subscriber, @Nullable Integer address, RemovalCause cause) {
        if (cause == RemovalCause.EXPIRED && address != null) {
            load.decrement(address);
        }
    }

    /** A subscriber with live or waiting flows, and its address. */
    static final class Pair {
        private final Subscriber subscriber;
        /** Never empty; ready to be handed out, so that asking for it leaves no object behind. */
        private OptionalInt address;

        private int flows;

        Pair(Subscriber subscriber, int address) {
            this.subscriber = subscriber;
            this.address = OptionalInt.of(address);
        }

        int address() {
            return address.getAsInt();
        }
    }
}
