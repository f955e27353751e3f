package dev.cgnat.core;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.pool.Place;
import dev.cgnat.core.pool.Placement;
import dev.cgnat.core.pool.Shortage;
import dev.cgnat.core.subscriber.SubscriberTable;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A carrier-grade NAT's decisions: which flow leaves from which external endpoint, and which is refused, and why.
 *
 * <pre>
 *   open ──► limits ──► mapping ──► address, block ──► selection ──► Granted
 *                                       │ no legal slot
 *                                       └──► wait if the pool lets, else Refused(reason, why)
 *   close ──► hold-down ──► free ──► whoever waits first
 * </pre>
 *
 * <p>Exact: unless an imitated search is configured, a flow is refused for want of a port only when no legal slot is free,
 * at any occupancy. Deterministic: the same configuration, random numbers and calls give the same decisions.
 *
 * <p>Time is given with every call as nanoseconds since the core was created; it is never negative and never goes
 * backwards, else {@link IllegalArgumentException}. What is due by then is treated as done, whether or not
 * {@link #expire} was called for it.
 *
 * <p><b>Ownership</b>: one thread at a time. <b>Costs</b>: each call O(1) in the number of flows and independent of
 * occupancy, see {@link dev.cgnat.core.port.PortSpace}; a refusal first frees all that is due.
 *
 * <p><b>RFC</b>: 4787, 5382, 6056, 6888, 7422 and 7857; the table in the module's README says which of their requirements.
 */
public final class Nat {
    private final Limits limits;
    private final Consumer<NatEvent> listener;
    private final Map<String, PoolDesk> desks = new LinkedHashMap<>();
    /** The same, in an order that costs no iterator. */
    private final PoolDesk[] deskList;

    private final SubscriberTable subscribers;
    private final Ledger ledger;
    private final Turns turns;
    private final DryRuns dryRuns;
    private long now;

    /**
     * @param random draws ports and addresses; unpredictable in production (RFC 6888 REQ-15), seeded in tests
     * @param listener told of each event inside the call that caused it; must not call back or throw
     */
    public Nat(NatConfig config, RandomGenerator random, Consumer<NatEvent> listener) {
        subscribers = new SubscriberTable(config.limits().newPerSecondPerSubscriber());
        limits = new Limits(config.limits(), subscribers);
        this.listener = listener;
        ledger = new Ledger(subscribers, listener);
        dryRuns = new DryRuns(limits);
        for (PoolConfig pool : config.pools()) {
            desks.put(pool.name(), new PoolDesk(config, pool, random, () -> now, subscribers, listener));
        }
        deskList = desks.values().toArray(new PoolDesk[0]);
        turns = new Turns(deskList, limits, ledger);
    }

    /**
     * Asks for an external endpoint.
     *
     * @throws IllegalArgumentException if the pool does not exist, or does not allow the flow's mapping or client class
     */
    public Outcome open(FlowRequest request, long nowNanos) {
        advance(nowNanos);
        PoolDesk desk = desk(request.pool());
        if (desk.pool().choosesByWhatIsFree()) {
            freedWhatWasDue();
        }
        Optional<Refused> limit = limits.reached(request, desk.pool(), now);
        if (limit.isPresent()) {
            return freedWhatWasDue() ? open(request, nowNanos) : ledger.refused(desk, request, limit.get(), now);
        }
        // Newcomers do not overtake: flows that wait have been offered every free slot, so they cannot use what is free
        // now.
        Placement placement = desk.pool().place(request);
        if (placement instanceof Place place) {
            Granted granted = ledger.granted(desk, request, place, now);
            serveWaiting();
            return granted;
        }
        if (freedWhatWasDue()) {
            return open(request, nowNanos);
        }
        Shortage shortage = (Shortage) placement;
        Refused refused = Refusals.of(shortage, desk.pool().config());
        return refused.reason().mayWait() && !desk.waitingRoom().isFull()
                ? turns.enter(desk, request, shortage, refused.reason(), now)
                : ledger.refused(desk, request, refused, now);
    }

    /**
     * What {@link #open} would decide now, and why: a dry run that draws nothing, counts nothing and tells nobody. What is
     * due and was not freed by {@link #expire} stands in the way, so call that first. Cost: O(external addresses and the
     * subscriber's blocks), O(ports) where addresses are disabled or ports set aside.
     *
     * @throws IllegalArgumentException if the pool does not exist, or does not allow the flow's mapping or client class
     */
    public DryRun explain(FlowRequest request, long nowNanos) {
        advance(nowNanos);
        return dryRuns.of(desk(request.pool()), request, nowNanos);
    }

    /**
     * Ends a flow; its slot rests as the pool's hold-down says for {@code cause}.
     *
     * @throws IllegalStateException if the flow has ended already
     */
    public void close(Binding binding, CloseCause cause, long nowNanos) {
        advance(nowNanos);
        end(binding);
        PoolDesk desk = binding.desk();
        SubscriberUse owner = binding.owner();
        long holdNanos = desk.countClosed(cause);
        owner.closed(binding.protocol());
        long freeAtNanos = desk.pool().release(binding, holdNanos);
        subscribers.tidy(owner, now);
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

    /**
     * Lets no new flow leave from an external address, or lets them again; see {@link AddressState}. Flows that wait are
     * looked at anew. Does nothing if that is its state already.
     *
     * <p>Costs O(ports of an address), more where mappings are shared or flows wait.
     *
     * @throws IllegalArgumentException if there is no such pool, or no such address in it
     */
    public void setAddressState(String pool, IpAddress address, AddressState state, long nowNanos) {
        advance(nowNanos);
        freeDue(Integer.MAX_VALUE);
        PoolDesk desk = desk(pool);
        if (desk.pool().setDisabled(address, state == AddressState.DISABLED)) {
            turns.reconsider(desk, now);
        }
        serveWaiting();
    }

    /** Why no address can be added to that pool, empty if some can; {@link IllegalArgumentException} if there is none of that name. */
    public Optional<String> growthObstacle(String pool) {
        return desk(pool).pool().growthObstacle();
    }

    /**
     * Adds external addresses to a pool, behind those that it has. Flows that wait are looked at anew.
     *
     * <p>Costs O(addresses + destinations in use), and about 8 bytes for every 4,096 new pairs.
     *
     * @throws IllegalArgumentException if there is no such pool, or the configuration of the pool would be wrong with them
     * @throws IllegalStateException if {@link #growthObstacle} says why not; nothing has changed then
     */
    public void addAddresses(String pool, List<AddressRange> addresses, long nowNanos) {
        advance(nowNanos);
        freeDue(Integer.MAX_VALUE);
        PoolDesk desk = desk(pool);
        desk.pool().addAddresses(addresses);
        turns.reconsider(desk, now);
        serveWaiting();
    }

    /**
     * Replaces the limits. What is above them goes on; flows that wait for a port are measured by them when their turn comes.
     *
     * @throws IllegalArgumentException if a limit per destination begins or ends, as destinations are counted from the first
     *     flow on or not at all; nothing has changed then
     */
    public void setLimits(LimitConfig config, long nowNanos) {
        advance(nowNanos);
        requireSameKinds(
                "sessions-per-destination", limits.config().sessionsPerDestination(), config.sessionsPerDestination());
        requireSameKinds("ports-per-destination", limits.config().portsPerDestination(), config.portsPerDestination());
        limits.limit(config);
        desks.values().forEach(desk -> desk.pool().limit(config));
    }

    /** What it holds now, piece by piece. */
    public NatViews views() {
        return new NatViews(desks, subscribers, now);
    }

    /**
     * Lends {@code external} to nobody from now on, as something of the operator's own listens there. False, and nothing
     * has changed, if a flow lives or rests on it; true too if the pool would not lend it anyway.
     *
     * @throws IllegalArgumentException if there is no such pool
     */
    public boolean reserve(String pool, Protocol protocol, Endpoint external, long nowNanos) {
        advance(nowNanos);
        freeDue(Integer.MAX_VALUE);
        boolean isReserved = desk(pool).pool().reserve(protocol, external);
        serveWaiting();
        return isReserved;
    }

    /** A waiting flow gives up; returns false if it was not waiting any more. */
    public boolean cancel(Queued queued, long nowNanos) {
        advance(nowNanos);
        return turns.cancel(queued.ticket());
    }

    /**
     * Frees what is due by {@code nowNanos} and serves or refuses those that wait, at most {@code limit} of each kind in
     * each pool, though as much as it takes while somebody waits for what came free; returns how many. Calling early does
     * nothing. A flow whose time to wait is over but that was not refused yet still gets a slot that is free.
     */
    public int expire(long nowNanos, int limit) {
        advance(nowNanos);
        int freed = freeDue(turns.isAnyOverdue(now) && limit > 0 ? Integer.MAX_VALUE : limit);
        int served = serveWaiting();
        return freed + served + turns.refuseOverdue(limit, now);
    }

    /** When to call {@link #expire} next, {@link Long#MAX_VALUE} if there is nothing to wait for. */
    public long nextDeadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (PoolDesk desk : deskList) {
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

    /** The (address, port) pairs on which a flow lives, over all pools and protocols. Costs O(pools), and makes no object. */
    public int pairsInUse() {
        int sum = 0;
        for (PoolDesk desk : deskList) {
            sum += desk.pool().counts().pairsInUse();
        }
        return sum;
    }

    /** The pairs on which none lives and something rests, over all pools and protocols; as {@link #pairsInUse}. */
    public int pairsHeld() {
        int sum = 0;
        for (PoolDesk desk : deskList) {
            sum += desk.pool().counts().pairsHeld();
        }
        return sum;
    }

    /** The totals as of the last call. Costs O(pools). */
    public NatSnapshot snapshot() {
        return new NatSnapshot(desks.values().stream().map(PoolDesk::snapshot).toList(), subscribers.size());
    }

    private static void requireSameKinds(String name, int before, int after) {
        if ((before == LimitConfig.NONE) != (after == LimitConfig.NONE)) {
            throw new IllegalArgumentException(name + ": " + (after == LimitConfig.NONE ? "none" : after)
                    + " (expected: " + (before == LimitConfig.NONE ? "none" : "a number") + " as at the start)");
        }
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

    private int freeDue(int limit) {
        int count = 0;
        for (PoolDesk desk : deskList) {
            count += desk.pool().expire(limit - count);
            if (limit > 0) {
                desk.wake(now);
            }
        }
        subscribers.expire(now);
        return count;
    }

    /** Before a refusal, so that it is right even if nobody has called {@link #expire} in time; then nothing is due. */
    private boolean freedWhatWasDue() {
        return nextDeadlineNanos() <= now && expire(now, Integer.MAX_VALUE) > 0;
    }

    /** Gives what came free to those that wait for it; returns how many things it did. */
    private int serveWaiting() {
        if (!turns.areDue()) {
            return 0;
        }
        int freed = freeDue(Integer.MAX_VALUE); // limits count held slots, so none that is due may be left
        return freed + turns.serve(now);
    }

    private void setAside(Binding binding, boolean wholePair, long nowNanos) {
        advance(nowNanos);
        end(binding);
        PoolDesk desk = binding.desk();
        SubscriberUse owner = binding.owner();
        desk.countSetAside();
        owner.closed(binding.protocol());
        listener.accept(new NatEvent.SetAside(binding, nowNanos));
        desk.pool().setAside(binding, wholePair);
        subscribers.tidy(owner, now);
        serveWaiting();
    }

    private void end(Binding binding) {
        if (binding.hasEnded() || !binding.desk().isOf(subscribers)) {
            throw new IllegalStateException("binding: " + binding + " (expected: a live flow of this NAT)");
        }
        binding.end();
    }
}
