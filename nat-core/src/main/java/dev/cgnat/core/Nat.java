package dev.cgnat.core;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.WaitingRoom.Waiter;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.pool.Claim;
import dev.cgnat.core.port.PortUnit;
import dev.cgnat.core.subscriber.SubscriberTable;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A carrier-grade NAT's decisions: which flow leaves from which external endpoint, and which is refused, and why.
 *
 * <pre>
 *   open ──► limits ──► pooling ──► unit ──► uniform draw ──► Granted
 *                                    │ no legal slot free
 *                                    └──► wait if the pool lets, else Refused(reason)
 *   close ──► hold-down ──► free ──► first waiter of the unit
 * </pre>
 *
 * <p>Exact: a flow is refused for want of a port only when no legal slot is free, at any occupancy. Deterministic: the
 * same configuration, random numbers and calls give the same decisions.
 *
 * <p>Time is given with every call as nanoseconds since the core was created; it is never negative and never goes
 * backwards, else {@link IllegalArgumentException}. What is due by then is treated as done, whether or not
 * {@link #expire} was called for it.
 *
 * <p><b>Ownership</b>: one thread at a time. <b>Costs</b>: each call O(1) in the number of flows and independent of
 * occupancy, see {@link dev.cgnat.core.port.SlotTree}; a refusal first frees all that is due.
 *
 * <p><b>RFC</b>: 4787 REQ-2 and REQ-11, 6888 REQ-2, REQ-3, REQ-4A, REQ-8 and REQ-11D, 7857 section 3.
 */
public final class Nat {
    private final LimitConfig limits;
    private final Consumer<NatEvent> listener;
    private final Map<String, PoolDesk> desks = new LinkedHashMap<>();
    private final SubscriberTable subscribers = new SubscriberTable();
    private final Map<Long, Flow> flows = new HashMap<>();
    private long lastId;
    private long now;

    /**
     * @param random draws ports and addresses; unpredictable in production (RFC 6888 REQ-15), seeded in tests
     * @param listener told of each event inside the call that caused it; must not call back or throw
     */
    public Nat(NatConfig config, RandomGenerator random, Consumer<NatEvent> listener) {
        limits = config.limits();
        this.listener = listener;
        for (PoolConfig pool : config.pools()) {
            desks.put(pool.name(), new PoolDesk(pool, random, () -> now));
        }
    }

    /**
     * Asks for an external endpoint.
     *
     * @throws IllegalArgumentException if the pool does not exist
     */
    public Outcome open(FlowRequest request, long nowNanos) {
        advance(nowNanos);
        PoolDesk desk = desk(request.pool());
        Optional<Refusal> limit = limitReached(request.subscriber());
        if (limit.isPresent()) {
            return freedWhatWasDue() ? open(request, nowNanos) : refuse(desk, request, Refused.of(limit.get()));
        }
        // Newcomers do not overtake: flows that wait have been offered every free slot, so they cannot use what is free
        // now.
        PortUnit unit = desk.pool().unitFor(request.subscriber(), request.destination());
        Optional<Claim> claim = desk.pool().claim(unit, request.subscriber(), request.destination());
        if (claim.isPresent()) {
            return grant(desk, request, claim.get());
        }
        if (freedWhatWasDue()) {
            desk.pool().tidy(unit);
            return open(request, nowNanos);
        }
        Refused refused = whyFull(desk, unit, request);
        if (!desk.waitingRoom().isFull()) {
            return queue(desk, request, unit, refused.reason());
        }
        desk.pool().tidy(unit);
        return refuse(desk, request, refused);
    }

    /**
     * Ends a flow; its slot rests as the pool's hold-down says for {@code cause}.
     *
     * @throws IllegalStateException if the flow has ended already
     */
    public void close(Binding binding, CloseCause cause, long nowNanos) {
        advance(nowNanos);
        Flow flow = remove(binding);
        PoolDesk desk = desk(binding.pool());
        desk.countClosed(cause);
        long holdNanos = cause.holdDown(desk.pool().config().holdDown()).toNanos();
        long freeAtNanos = desk.pool().release(flow.claim, flow.subscriber, holdNanos, nowNanos);
        subscribers.tidy(flow.subscriber);
        listener.accept(new NatEvent.Closed(binding, cause, freeAtNanos, nowNanos));
        serveWaiting();
    }

    /**
     * Gives up a binding whose external address and port somebody outside the NAT holds, whatever the destination. The
     * pair is lent to nobody for a minute.
     *
     * @throws IllegalStateException if the flow has ended already
     */
    public void setAsidePair(Binding binding, long nowNanos) {
        setAside(binding, true, nowNanos);
    }

    /**
     * Gives up a binding whose 4-tuple somebody outside the NAT holds. The slot is lent to nobody for a minute.
     *
     * @throws IllegalStateException if the flow has ended already
     */
    public void setAsideSlot(Binding binding, long nowNanos) {
        setAside(binding, false, nowNanos);
    }

    /** A waiting flow gives up; returns false if it was not waiting any more. */
    public boolean cancel(Queued queued, long nowNanos) {
        advance(nowNanos);
        for (PoolDesk desk : desks.values()) {
            Optional<Waiter> waiter = desk.waitingRoom().find(queued.ticket());
            if (waiter.isPresent()) {
                desk.waitingRoom().leave(waiter.get());
                return true;
            }
        }
        return false;
    }

    /**
     * Frees what is due by {@code nowNanos} and serves or refuses those that wait, at most {@code limit} of each kind in
     * each pool, though as much as it takes while somebody waits for what came free; returns how many. Calling early does
     * nothing. A flow whose time to wait is over but that was not refused yet still gets a slot that is free.
     */
    public int expire(long nowNanos, int limit) {
        advance(nowNanos);
        boolean isAnyOverdue =
                desks.values().stream().anyMatch(desk -> desk.waitingRoom().nextDeadlineNanos() <= now);
        int count = freeDue(isAnyOverdue && limit > 0 ? Integer.MAX_VALUE : limit) + serveWaiting();
        for (PoolDesk desk : desks.values()) {
            count += refuseOverdue(desk, limit);
        }
        return count;
    }

    /** When to call {@link #expire} next, {@link Long#MAX_VALUE} if there is nothing to wait for. */
    public long nextDeadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (PoolDesk desk : desks.values()) {
            earliest = Math.min(earliest, desk.nextDeadlineNanos());
        }
        return earliest;
    }

    /**
     * The external address that {@code subscriber} keeps in that pool (RFC 4787 REQ-2), empty if the pool does not pair or
     * the subscriber was idle for too long. Asking does not prolong it.
     *
     * @throws IllegalArgumentException if the pool does not exist
     */
    public Optional<IpAddress> pairedAddress(String pool, Subscriber subscriber) {
        return desk(pool).pool().pairedAddress(subscriber);
    }

    /** The totals as of the last call. Costs O(pools). */
    public NatSnapshot snapshot() {
        return new NatSnapshot(desks.values().stream().map(PoolDesk::snapshot).toList(), subscribers.size());
    }

    private void advance(long nowNanos) {
        if (nowNanos < now) {
            throw new IllegalArgumentException("nowNanos: " + nowNanos + " (expected: at least " + now + ")");
        }
        now = nowNanos;
    }

    private PoolDesk desk(String name) {
        PoolDesk desk = desks.get(name);
        if (desk == null) {
            throw new IllegalArgumentException("pool: " + name + " (expected: one of " + desks.keySet() + ")");
        }
        return desk;
    }

    private Optional<Refusal> limitReached(Subscriber subscriber) {
        return subscribers.find(subscriber).flatMap(use -> {
            if (use.live() >= limits.sessionsPerSubscriber()) {
                return Optional.of(Refusal.SESSION_LIMIT);
            }
            return use.ports() >= limits.portsPerSubscriber() ? Optional.of(Refusal.PORT_LIMIT) : Optional.empty();
        });
    }

    private int freeDue(int limit) {
        int count = 0;
        for (PoolDesk desk : desks.values()) {
            count += desk.pool().expire(now, limit, subscribers::tidy);
        }
        return count;
    }

    /** Before a refusal, so that it is right even if nobody has called {@link #expire} in time; then nothing is due. */
    private boolean freedWhatWasDue() {
        return nextDeadlineNanos() <= now && expire(now, Integer.MAX_VALUE) > 0;
    }

    private Refused whyFull(PoolDesk desk, PortUnit unit, FlowRequest request) {
        if (desk.pool().hasLegalSlotElsewhere(unit, request.destination())) {
            return Refused.of(Refusal.PAIRED_ADDRESS_FULL);
        }
        return unit.hasHeld()
                ? new Refused(Refusal.HELD, desk.pool().nextDeadlineNanos(unit))
                : Refused.of(Refusal.EXHAUSTED);
    }

    private Granted grant(PoolDesk desk, FlowRequest request, Claim claim) {
        SubscriberUse subscriber = subscribers.use(request.subscriber());
        subscriber.opened();
        desk.countGranted();
        Binding binding = new Binding(
                ++lastId,
                request.pool(),
                request.subscriber(),
                request.internal(),
                claim.external(),
                request.destination());
        flows.put(binding.id(), new Flow(binding, claim, subscriber));
        listener.accept(new NatEvent.Opened(binding, now));
        return new Granted(binding);
    }

    private Refused refuse(PoolDesk desk, FlowRequest request, Refused refused) {
        desk.countRefused(refused.reason());
        listener.accept(new NatEvent.Refused(request, refused, now));
        return refused;
    }

    private Queued queue(PoolDesk desk, FlowRequest request, PortUnit unit, Refusal reason) {
        long deadline = now + desk.pool().config().queue().timeout().toNanos();
        Queued queued = new Queued(++lastId, reason, deadline);
        desk.waitingRoom().enter(new Waiter(queued.ticket(), request, unit, reason, deadline));
        return queued;
    }

    /** Gives the slots that came free to those that wait for them; returns how many things it did. */
    private int serveWaiting() {
        if (desks.values().stream().noneMatch(PoolDesk::hasUnitsToServe)) {
            return 0;
        }
        int count = freeDue(Integer.MAX_VALUE); // limits count held slots, so none that is due may be left
        for (PoolDesk desk : desks.values()) {
            for (PortUnit unit : desk.takeUnitsToServe()) {
                count += serve(desk, unit);
            }
        }
        return count;
    }

    private int serve(PoolDesk desk, PortUnit unit) {
        int count = 0;
        Optional<Waiter> next = desk.waitingRoom().nextAfter(0, unit);
        while (next.isPresent() && !unit.isFull()) {
            Waiter waiter = next.get();
            if (serve(desk, waiter)) {
                count++;
            }
            next = desk.waitingRoom().nextAfter(waiter.ticket(), unit);
        }
        return count;
    }

    /** Grants or refuses; false if no free slot is legal for this one, so it waits on. */
    private boolean serve(PoolDesk desk, Waiter waiter) {
        FlowRequest request = waiter.request();
        Optional<Refusal> limit = limitReached(request.subscriber());
        if (limit.isPresent()) {
            dequeue(desk, waiter, refuse(desk, request, Refused.of(limit.get())));
            return true;
        }
        Optional<Claim> claim = desk.pool().claim(waiter.unit(), request.subscriber(), request.destination());
        claim.ifPresent(taken -> dequeue(desk, waiter, grant(desk, request, taken)));
        return claim.isPresent();
    }

    private int refuseOverdue(PoolDesk desk, int limit) {
        int count = 0;
        while (count < limit && desk.waitingRoom().nextDeadlineNanos() <= now) {
            Waiter waiter = desk.waitingRoom().first().orElseThrow();
            long notBefore =
                    waiter.reason() == Refusal.HELD ? desk.pool().nextDeadlineNanos(waiter.unit()) : Refused.NEVER;
            dequeue(desk, waiter, refuse(desk, waiter.request(), new Refused(waiter.reason(), notBefore)));
            count++;
        }
        return count;
    }

    private void dequeue(PoolDesk desk, Waiter waiter, Outcome outcome) {
        desk.waitingRoom().leave(waiter);
        listener.accept(new NatEvent.Dequeued(waiter.ticket(), outcome, now));
    }

    private void setAside(Binding binding, boolean wholePair, long nowNanos) {
        advance(nowNanos);
        Flow flow = remove(binding);
        PoolDesk desk = desk(binding.pool());
        desk.countSetAside();
        listener.accept(new NatEvent.SetAside(binding, nowNanos));
        desk.pool().setAside(flow.claim, flow.subscriber, wholePair, nowNanos);
        subscribers.tidy(flow.subscriber);
    }

    private Flow remove(Binding binding) {
        Flow flow = flows.get(binding.id());
        if (flow == null || !flow.binding.equals(binding)) {
            throw new IllegalStateException("binding: " + binding + " (expected: a live flow of this NAT)");
        }
        flows.remove(binding.id());
        return flow;
    }

    private record Flow(Binding binding, Claim claim, SubscriberUse subscriber) {}
}
