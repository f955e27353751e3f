package dev.cgnat.core;

import dev.cgnat.core.pool.Pool;
import dev.cgnat.core.pool.Shortage;
import dev.cgnat.core.port.PortSpace;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The flows of one pool that wait for a port: first come, first served among those that wait for the same.
 *
 * <p>A line is a unit whose next free slot will do, or {@link PortSpace#NO_UNIT} for flows that slots of
 * several units would serve.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) to find who is due, O(log n) among the n that wait in one line to
 * enter and to leave; about 300 bytes each, bounded by the pool's queue limit.
 */
final class WaitingRoom {
    private final Pool pool;
    /** In the order of arrival, and as all wait equally long, of the deadlines too. */
    private final Map<Long, Waiter> byTicket = new LinkedHashMap<>();

    private final Map<Integer, TreeMap<Long, Waiter>> byLine = new HashMap<>();
    /** When those that wait for no one unit were told that something rests no longer. */
    private final TreeSet<Long> wakeTimes = new TreeSet<>();

    WaitingRoom(Pool pool) {
        this.pool = pool;
    }

    /** One flow that waits; {@code reason} is what it will have been refused for if nothing comes free. */
    record Waiter(long ticket, FlowRequest request, Shortage shortage, Refusal reason, long deadlineNanos) {}

    int size() {
        return byTicket.size();
    }

    boolean isFull() {
        return byTicket.size() >= pool.config().queue().limit();
    }

    boolean hasLine(int line) {
        return byLine.containsKey(line);
    }

    /** All lines, in ascending order of their numbers. */
    int[] lines() {
        return byLine.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    void enter(Waiter waiter) {
        byTicket.put(waiter.ticket(), waiter);
        enterLine(waiter);
    }

    /** {@code waiter} waits for what {@code shortage} says from now on, in its old place. */
    void refile(Waiter waiter, Shortage shortage, Refusal reason) {
        Waiter anew = new Waiter(waiter.ticket(), waiter.request(), shortage, reason, waiter.deadlineNanos());
        leaveLine(waiter);
        byTicket.put(anew.ticket(), anew); // keeps its place, as the key is there
        enterLine(anew);
        pool.endWaiting(waiter.request(), waiter.shortage());
    }

    /** All that wait, first come first. */
    List<Waiter> all() {
        return List.copyOf(byTicket.values());
    }

    private void enterLine(Waiter waiter) {
        byLine.computeIfAbsent(waiter.shortage().unit(), line -> new TreeMap<>())
                .put(waiter.ticket(), waiter);
        pool.beginWaiting(waiter.request(), waiter.shortage());
        wakeAt(waiter.shortage());
    }

    private void leaveLine(Waiter waiter) {
        byLine.computeIfPresent(waiter.shortage().unit(), (line, waiters) -> {
            waiters.remove(waiter.ticket());
            return waiters.isEmpty() ? null : waiters;
        });
    }

    /** Within a mapping a destination ends its rest without a slot coming free, so who waits for it looks at that time. */
    void wakeAt(Shortage shortage) {
        if (shortage.unit() == PortSpace.NO_UNIT && shortage.notBeforeNanos() != Long.MAX_VALUE) {
            wakeTimes.add(shortage.notBeforeNanos());
        }
    }

    /** Whether somebody is to be woken by {@code nowNanos}; each time is told once. */
    boolean wakes(long nowNanos) {
        if (nextWakeNanos() > nowNanos) {
            return false;
        }
        wakeTimes.headSet(nowNanos, true).clear();
        return hasLine(PortSpace.NO_UNIT);
    }

    /** The unit is forgotten with its last waiter if nothing else is in it. */
    void leave(Waiter waiter) {
        byTicket.remove(waiter.ticket());
        leaveLine(waiter);
        pool.endWaiting(waiter.request(), waiter.shortage());
    }

    Optional<Waiter> find(long ticket) {
        return Optional.ofNullable(byTicket.get(ticket));
    }

    /** The first in {@code line} among those that came after {@code ticket}. */
    Optional<Waiter> nextAfter(long ticket, int line) {
        TreeMap<Long, Waiter> waiters = byLine.get(line);
        return waiters == null
                ? Optional.empty()
                : Optional.ofNullable(waiters.higherEntry(ticket)).map(Map.Entry::getValue);
    }

    /** The waiter whose time ends first. */
    Optional<Waiter> first() {
        Iterator<Waiter> waiters = byTicket.values().iterator();
        return waiters.hasNext() ? Optional.of(waiters.next()) : Optional.empty();
    }

    /** When {@link #wakes} has something to tell. */
    long nextWakeNanos() {
        return wakeTimes.isEmpty() ? Long.MAX_VALUE : wakeTimes.first();
    }

    long nextDeadlineNanos() {
        return byTicket.isEmpty()
                ? Long.MAX_VALUE // mostly so
                : first().map(Waiter::deadlineNanos).orElse(Long.MAX_VALUE);
    }
}
