package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.pool.PoolTotals;
import dev.cgnat.core.pool.PoolView;
import dev.cgnat.core.subscriber.SubscriberTable;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a {@link Nat} holds, piece by piece: each call looks at a bounded part, so that whoever guards the {@link Nat} lets others in
 * between. Changes nothing; all that it returns is immutable.
 *
 * <p><b>Ownership</b>: the thread of the {@link Nat}, and valid until its next call. <b>RFC</b>: 7659 (what such a view is for).
 */
public final class NatViews {
    private final Map<String, PoolDesk> desks;
    private final SubscriberTable subscribers;
    private final long now;

    NatViews(Map<String, PoolDesk> desks, SubscriberTable subscribers, long now) {
        this.desks = desks;
        this.subscribers = subscribers;
        this.now = now;
    }

    /** What becomes of one external endpoint. */
    public enum EndpointState {
        /** At least one flow leaves from there. */
        IN_USE,
        /** None does, and at least one rests. */
        HELD,
        /** Excluded, set aside, listened on, or of a disabled address. */
        RESERVED,
        FREE,
        /** Of no pool. */
        NOT_LENT
    }

    /**
     * One external address.
     *
     * @param pairs of TCP; empty in scope {@code host}, where addresses share their ports
     * @param subscribers that keep it; empty if the pool does not pair
     * @param blocks that it has; 0 if ports are not lent in blocks
     * @param lentBlocks of these, lent
     */
    public record AddressUse(
            IpAddress address,
            AddressState state,
            Optional<NatSnapshot.PairCounts> pairs,
            OptionalInt subscribers,
            int blocks,
            int lentBlocks) {}

    /**
     * One block that is lent.
     *
     * @param number ascending by address, then port
     * @param live slots on which a flow lives
     * @param resting slots that rest
     * @param ageNanos since it was lent
     */
    public record BlockUse(PortBlock block, int number, int live, int resting, long ageNanos) {}

    /**
     * One subscriber, over all pools.
     *
     * @param number different for each that has something
     * @param sessions live TCP flows
     * @param ports TCP ports that live or rest
     */
    public record SubscriberState(int number, Subscriber subscriber, int sessions, int ports) {}

    /**
     * Some of many.
     *
     * @param next where to go on, empty if that was all
     */
    public record Part<T>(List<T> items, OptionalInt next) {
        public Part {
            items = List.copyOf(items);
        }
    }

    /**
     * One external endpoint.
     *
     * @param pool that lends it, empty if none does
     * @param block that it is of, if that is lent
     */
    public record EndpointUse(Optional<String> pool, EndpointState state, Optional<BlockUse> block) {}

    /**
     * One address from the {@code index}-th on. Costs some 50 µs if all its ports are in use.
     *
     * @throws IllegalArgumentException if there is no such pool
     */
    public Part<AddressUse> address(String pool, int index) {
        PoolView view = view(pool);
        if (index < 0 || index >= view.addressCount()) {
            return new Part<>(List.of(), OptionalInt.empty());
        }
        AddressUse use = new AddressUse(
                view.address(index),
                view.isDisabled(index) ? AddressState.DISABLED : AddressState.ACTIVE,
                view.pairs(Protocol.TCP, index).map(NatViews::pairs),
                view.subscribers(index),
                view.blocksPerAddress(),
                view.lentBlocks(index));
        return new Part<>(
                List.of(use), index + 1 < view.addressCount() ? OptionalInt.of(index + 1) : OptionalInt.empty());
    }

    /**
     * The lent blocks among {@code count} numbers from {@code from} on.
     *
     * @throws IllegalArgumentException if there is no such pool
     */
    public Part<BlockUse> blocks(String pool, int from, int count) {
        PoolView view = view(pool);
        int end = view.addressCount() * view.blocksPerAddress();
        List<BlockUse> found = new ArrayList<>();
        int number = Math.max(from, 0);
        for (; number < end && number - from < count; number++) {
            view.block(number).map(block -> use(pool, block)).ifPresent(found::add);
        }
        return new Part<>(found, number < end ? OptionalInt.of(number) : OptionalInt.empty());
    }

    /** The subscribers among {@code count} numbers from {@code from} on. */
    public Part<SubscriberState> subscribers(int from, int count) {
        List<SubscriberState> found = new ArrayList<>();
        int number = Math.max(from, 0);
        for (; number < subscribers.numbers() && number - from < count; number++) {
            subscribers
                    .find(number)
                    .filter(use -> !use.isIdle())
                    .map(NatViews::state)
                    .ifPresent(found::add);
        }
        return new Part<>(found, number < subscribers.numbers() ? OptionalInt.of(number) : OptionalInt.empty());
    }

    /** What {@code subscriber} has, empty if nothing. */
    public Optional<SubscriberState> subscriber(Subscriber subscriber) {
        return subscribers.find(subscriber).filter(use -> !use.isIdle()).map(NatViews::state);
    }

    /** Blocks that {@code subscriber} has in all pools. */
    public int blocksOf(Subscriber subscriber) {
        return desks.values().stream()
                .mapToInt(desk -> desk.pool().view().blocksOf(subscriber))
                .sum();
    }

    /** What becomes of {@code external}, for TCP. */
    public EndpointUse endpoint(Endpoint external) {
        for (Map.Entry<String, PoolDesk> desk : desks.entrySet()) {
            PoolView view = desk.getValue().pool().view();
            EndpointState state =
                    EndpointState.valueOf(view.state(Protocol.TCP, external).name());
            if (state != EndpointState.NOT_LENT) {
                return new EndpointUse(
                        Optional.of(desk.getKey()),
                        state,
                        view.blockOf(external).map(block -> use(desk.getKey(), block)));
            }
        }
        return new EndpointUse(Optional.empty(), EndpointState.NOT_LENT, Optional.empty());
    }

    private PoolView view(String pool) {
        PoolDesk desk = desks.get(pool);
        if (desk == null) {
            throw new IllegalArgumentException("pool: " + pool + " (expected: one of " + desks.keySet() + ")");
        }
        return desk.pool().view();
    }

    private BlockUse use(String pool, PoolView.LentBlock block) {
        return new BlockUse(
                new PortBlock(pool, block.subscriber(), block.address(), block.ports()),
                block.number(),
                block.live(),
                block.resting(),
                now - block.sinceNanos());
    }

    private static NatSnapshot.PairCounts pairs(PoolTotals.Pairs of) {
        return new NatSnapshot.PairCounts(of.capacity(), of.inUse(), of.held(), of.reserved());
    }

    private static SubscriberState state(SubscriberUse use) {
        return new SubscriberState(use.number(), use.subscriber(), use.sessions(Protocol.TCP), use.ports(Protocol.TCP));
    }
}
