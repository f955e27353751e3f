package dev.cgnat.core;

import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.WaitingRoom.Waiter;
import dev.cgnat.core.pool.Place;
import dev.cgnat.core.pool.Placement;
import dev.cgnat.core.pool.Shortage;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Whose turn it is: flows that wait enter, are served as something comes free, and are refused when they waited for too long.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(pools) to see that it is nobody's turn; O(log lines) for each flow that is
 * looked at, and where it leads nowhere because a line's unit is full, nobody else of that line is.
 */
final class Turns {
    private final PoolDesk[] desks;
    private final Limits limits;
    private final Ledger ledger;
    private long lastTicket;

    /** @param desks of all pools */
    Turns(PoolDesk[] desks, Limits limits, Ledger ledger) {
        this.desks = desks.clone();
        this.limits = limits;
        this.ledger = ledger;
    }

    /** A flow begins to wait, for as long as its pool lets. */
    Queued enter(PoolDesk desk, FlowRequest request, Shortage shortage, Refusal reason, long nowNanos) {
        long deadline = nowNanos + desk.pool().config().queue().timeout().toNanos();
        desk.countShort(nowNanos);
        Queued queued = new Queued(++lastTicket, reason, deadline);
        desk.waitingRoom().enter(new Waiter(queued.ticket(), request, shortage, reason, deadline));
        return queued;
    }

    /** A flow gives up; false if it does not wait any more. */
    boolean cancel(long ticket) {
        for (PoolDesk desk : desks) {
            Optional<Waiter> waiter = desk.waitingRoom().find(ticket);
            if (waiter.isPresent()) {
                desk.waitingRoom().leave(waiter.get());
                return true;
            }
        }
        return false;
    }

    /** Whether something has come free for which somebody may wait. */
    boolean areDue() {
        for (PoolDesk desk : desks) {
            if (desk.hasLinesToServe()) {
                return true;
            }
        }
        return false;
    }

    /** Serves those for whom something may have come free; returns how many were granted or refused something. */
    int serve(long nowNanos) {
        int count = 0;
        while (areDue()) {
            for (PoolDesk desk : desks) {
                count += serve(desk, desk.takeLinesToServe(), nowNanos);
            }
        }
        return count;
    }

    /** Those of {@code lines} in the order in which they came, as one slot may serve several lines. */
    private int serve(PoolDesk desk, int[] lines, long nowNanos) {
        WaitingRoom room = desk.waitingRoom();
        PriorityQueue<Waiter> heads = new PriorityQueue<>(Comparator.comparingLong(Waiter::ticket));
        for (int line : lines) {
            room.nextAfter(0, line).ifPresent(heads::add);
        }
        int count = 0;
        for (Waiter waiter = heads.poll(); waiter != null; waiter = heads.poll()) {
            int line = waiter.shortage().unit();
            if (desk.pool().isFull(line) && desk.pool().mappings() == 0) {
                continue; // nobody else of this line need be looked at, as there is nothing to share either
            }
            if (serve(desk, waiter, nowNanos).isEmpty()) {
                count++;
            }
            room.nextAfter(waiter.ticket(), line).ifPresent(heads::add);
        }
        return count;
    }

    /** Grants or refuses; what there is of slots if nothing that is free is legal for this one, so that it waits on. */
    private Optional<Shortage> serve(PoolDesk desk, Waiter waiter, long nowNanos) {
        FlowRequest request = waiter.request();
        Optional<Refused> limit = limits.reached(request, desk.pool(), nowNanos);
        if (limit.isPresent()) {
            refuse(desk, waiter, limit.get(), nowNanos);
            return Optional.empty();
        }
        Placement placement = desk.pool().place(request);
        if (placement instanceof Place place) {
            dequeue(desk, waiter, ledger.granted(desk, request, place, nowNanos), nowNanos);
            return Optional.empty();
        }
        Shortage shortage = (Shortage) placement;
        Refused refused = Refusals.of(shortage, desk.pool().config());
        if (refused.reason().mayWait()) {
            desk.waitingRoom().wakeAt(shortage);
            return Optional.of(shortage);
        }
        refuse(desk, waiter, refused, nowNanos);
        return Optional.empty();
    }

    /** What somebody waits for may never come now, and something else may: he is served, or waits on for that. */
    void reconsider(PoolDesk desk, long nowNanos) {
        WaitingRoom room = desk.waitingRoom();
        room.all().forEach(waiter -> serve(desk, waiter, nowNanos));
        for (Waiter waiter : room.all()) { // not before all were served, as grants decide on pairings
            serve(desk, waiter, nowNanos)
                    .ifPresent(shortage -> room.refile(
                            waiter,
                            shortage,
                            Refusals.of(shortage, desk.pool().config()).reason()));
        }
    }

    /** Whether somebody has waited for too long. */
    boolean isAnyOverdue(long nowNanos) {
        for (PoolDesk desk : desks) {
            if (desk.waitingRoom().nextDeadlineNanos() <= nowNanos) {
                return true;
            }
        }
        return false;
    }

    /** Refuses those that have waited for too long, at most {@code limit} in each pool; returns how many. */
    int refuseOverdue(int limit, long nowNanos) {
        int count = 0;
        for (PoolDesk desk : desks) {
            count += refuseOverdue(desk, limit, nowNanos);
        }
        return count;
    }

    private int refuseOverdue(PoolDesk desk, int limit, long nowNanos) {
        int count = 0;
        while (count < limit && desk.waitingRoom().nextDeadlineNanos() <= nowNanos) {
            Waiter waiter = desk.waitingRoom().first().orElseThrow();
            Shortage shortage = waiter.shortage();
            long rested = waiter.reason() == Refusal.HELD ? desk.pool().notBeforeNanos(shortage) : Refused.NEVER;
            long notBefore = rested > nowNanos ? rested : Refused.NEVER; // what it was told of has been lent to another
            Refused refused = Refusals.of(shortage, desk.pool().config());
            refuse(
                    desk,
                    waiter,
                    new Refused(refused.reason(), notBefore, refused.isPickHeld(), refused.why()),
                    nowNanos);
            count++;
        }
        return count;
    }

    private void refuse(PoolDesk desk, Waiter waiter, Refused refused, long nowNanos) {
        dequeue(desk, waiter, ledger.refused(desk, waiter.request(), refused, nowNanos), nowNanos);
    }

    private void dequeue(PoolDesk desk, Waiter waiter, Outcome outcome, long nowNanos) {
        desk.waitingRoom().leave(waiter);
        ledger.dequeued(waiter.ticket(), outcome, nowNanos);
    }
}
