package dev.cgnat.core;

import dev.cgnat.core.pool.Pool;
import dev.cgnat.core.port.PortUnit;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The flows of one pool that wait for a port: first come, first served within each unit.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) to find who is due, O(log n) among the n that wait in one unit to
 * enter and to leave; about 200 bytes each, bounded by the pool's queue limit.
 */
final class WaitingRoom {
    private final Pool pool;
    /** In the order of arrival, and as all wait equally long, of the deadlines too. */
    private final Map<Long, Waiter> byTicket = new LinkedHashMap<>();

    private final Map<PortUnit, TreeMap<Long, Waiter>> byUnit = new HashMap<>();

    WaitingRoom(Pool pool) {
        this.pool = pool;
    }

    /** One flow that waits; {@code reason} is what it will have been refused for if nothing comes free. */
    record Waiter(long ticket, FlowRequest request, PortUnit unit, Refusal reason, long deadlineNanos) {}

    int size() {
        return byTicket.size();
    }

    boolean isFull() {
        return byTicket.size() >= pool.config().queue().limit();
    }

    void enter(Waiter waiter) {
        byTicket.put(waiter.ticket(), waiter);
        byUnit.computeIfAbsent(waiter.unit(), unit -> new TreeMap<>()).put(waiter.ticket(), waiter);
        pool.beginWaiting(waiter.unit(), waiter.request().subscriber());
    }

    /** The unit is forgotten with its last waiter if nothing else is in it. */
    void leave(Waiter waiter) {
        byTicket.remove(waiter.ticket());
        byUnit.computeIfPresent(waiter.unit(), (unit, waiters) -> {
            waiters.remove(waiter.ticket());
            return waiters.isEmpty() ? null : waiters;
        });
        pool.endWaiting(waiter.unit(), waiter.request().subscriber());
    }

    Optional<Waiter> find(long ticket) {
        return Optional.ofNullable(byTicket.get(ticket));
    }

    /** The first that waits for a slot of {@code unit} among those that came after {@code ticket}. */
    Optional<Waiter> nextAfter(long ticket, PortUnit unit) {
        TreeMap<Long, Waiter> waiters = byUnit.get(unit);
        return waiters == null
                ? Optional.empty()
                : Optional.ofNullable(waiters.higherEntry(ticket)).map(Map.Entry::getValue);
    }

    /** The waiter whose time ends first. */
    Optional<Waiter> first() {
        Iterator<Waiter> waiters = byTicket.values().iterator();
        return waiters.hasNext() ? Optional.of(waiters.next()) : Optional.empty();
    }

    long nextDeadlineNanos() {
        return first().map(Waiter::deadlineNanos).orElse(Long.MAX_VALUE);
    }
}
