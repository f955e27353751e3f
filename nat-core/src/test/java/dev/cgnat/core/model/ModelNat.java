package dev.cgnat.core.model;

import dev.cgnat.core.Binding;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.PortBlock;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.model.ModelPool.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Books what a {@link Nat} tells, and throws {@link AssertionError} where that is not what the rules ask for. */
final class ModelNat {
    /** Of a flow that did not wait: every waiting one came before it. */
    private static final long NEWCOMER = Long.MAX_VALUE;

    final List<ModelPool> pools = new ArrayList<>();
    private final List<ModelJudge> judges = new ArrayList<>();
    private final List<GrantCheck> grants = new ArrayList<>();
    private final List<SnapshotCheck> snapshots = new ArrayList<>();
    private final ModelLimits limits;
    private final boolean isMixed;
    private long now;

    /** @param isMixed whether flows may differ in mapping or client class */
    ModelNat(NatConfig config, boolean isMixed) {
        limits = new ModelLimits(pools, config.limits());
        this.isMixed = isMixed;
        config.pools().forEach(one -> {
            ModelPool pool = new ModelPool(one);
            ModelJudge judge = new ModelJudge(pool, config.limits());
            pools.add(pool);
            judges.add(judge);
            grants.add(new GrantCheck(pool, judge));
            boolean isShared = pool.isShared() || isMixed;
            snapshots.add(new SnapshotCheck(
                    pool,
                    !isShared && one.blocks().isEmpty() && one.deterministic().isEmpty()));
        });
    }

    void advance(long nowNanos) {
        now = nowNanos;
        pools.forEach(pool -> pool.now = nowNanos);
    }

    ModelPool pool(String name) {
        return pools.get(index(name));
    }

    private int index(String name) {
        for (int i = 0; i < pools.size(); i++) {
            if (pools.get(i).config.name().equals(name)) {
                return i;
            }
        }
        throw new AssertionError("an unknown pool " + name);
    }

    /** Books the events of a call; {@code opener} and {@code outcome} are those of a call that opened a flow. */
    void replay(List<NatEvent> events, Optional<FlowRequest> opener, Optional<Outcome> outcome) {
        for (int i = 0; i < events.size(); i++) {
            NatEvent event = events.get(i);
            if (event.atNanos() != now) {
                throw new AssertionError("time of " + event);
            }
            if (event instanceof NatEvent.Opened opened) {
                Optional<Waiter> waiter = waiterOf(events, i);
                boolean isOpener = outcome.equals(Optional.of(new Granted(opened.binding())));
                check(waiter.isPresent() || isOpener, () -> "who opened " + event);
                FlowRequest request = waiter.map(Waiter::request).orElseGet(opener::orElseThrow);
                opened(opened.binding(), request, waiter.map(Waiter::ticket).orElse(NEWCOMER));
            } else if (event instanceof NatEvent.Refused refused) {
                Optional<Waiter> waiter = waiterOf(events, i);
                if (waiter.isPresent()) {
                    refusedAfterWaiting(waiter.get(), refused.refused());
                } else {
                    check(outcome.equals(Optional.of(refused.refused())), () -> "who was refused " + event);
                    refused(opener.orElseThrow(), refused.refused());
                }
            } else if (event instanceof NatEvent.BlockAllocated lent) {
                Optional<Waiter> waiter = waiterOf(events, i);
                FlowRequest request =
                        waiter.map(Waiter::request).or(() -> opener).orElseGet(() -> waitingFor(lent.block()));
                long ticket = waiter.map(Waiter::ticket).orElse(NEWCOMER);
                wrong(grants.get(index(lent.block().pool())).lent(lent.block(), request, ticket), event);
            } else if (event instanceof NatEvent.BlockReleased back) {
                ModelPool pool = pool(back.block().pool());
                int block = pool.blocks.blockOf(back.block());
                check(pool.blocks.isOwnedBy(block, back.block().subscriber()), () -> "whose block " + event);
                check(!pool.blocks.isInUse(block, now), () -> "a block in use was given back " + event);
                if (!pool.blocks.isUsed(block)) {
                    grants.get(index(back.block().pool())).lentInVain();
                }
                pool.blocks.giveBack(block);
            } else if (event instanceof NatEvent.Dequeued dequeued) {
                Waiter waiter = waiterOf(events, i).orElseThrow();
                pool(waiter.request().pool()).dequeue(waiter);
                check(
                        events.get(i - 1) instanceof NatEvent.Opened opened
                                ? dequeued.outcome().equals(new Granted(opened.binding()))
                                : dequeued.outcome().equals(((NatEvent.Refused) events.get(i - 1)).refused()),
                        () -> "another outcome than told before " + event);
            }
        }
    }

    /** Who was lent a block, if nobody is granted anything. */
    private FlowRequest waitingFor(PortBlock block) {
        return pool(block.pool()).waiting.stream()
                .map(Waiter::request)
                .filter(request -> request.subscriber().equals(block.subscriber()))
                .findFirst()
                .orElseThrow();
    }

    /** Whom the event at {@code index} is about if its flow waited: the next flow that is decided is told of by ticket. */
    private Optional<Waiter> waiterOf(List<NatEvent> events, int index) {
        for (int i = index; i < events.size(); i++) {
            boolean isDecision = events.get(i) instanceof NatEvent.Opened || events.get(i) instanceof NatEvent.Refused;
            if (events.get(i) instanceof NatEvent.Dequeued dequeued) {
                return pools.stream()
                        .flatMap(pool -> pool.waiting.stream())
                        .filter(waiter -> waiter.ticket() == dequeued.ticket())
                        .findFirst();
            }
            if (isDecision && !(i + 1 < events.size() && events.get(i + 1) instanceof NatEvent.Dequeued)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private void opened(Binding binding, FlowRequest request, long ticket) {
        int index = index(binding.pool());
        Optional<ModelLimits.Reached> limit = limits.reached(pools.get(index), request, now);
        check(limit.isEmpty(), () -> "granted over the limit " + limit + " " + binding);
        check(
                binding.destination().equals(request.destination())
                        && binding.subscriber().equals(request.subscriber())
                        && binding.internal().equals(request.internal())
                        && binding.protocol() == request.protocol(),
                () -> "another flow than asked for " + binding);
        wrong(grants.get(index).granted(binding, request, ticket), binding);
        pools.get(index).open(binding, request);
        limits.granted(request, now);
    }

    private void refused(FlowRequest request, Refused refused) {
        int index = index(request.pool());
        checkRefusal(request, refused);
        ModelPool pool = pools.get(index);
        check(
                !refused.reason().mayWait()
                        || pool.waiting.size() >= pool.config.queue().limit(),
                () -> "refused with room to wait " + refused);
    }

    private void checkRefusal(FlowRequest request, Refused refused) {
        int index = index(request.pool());
        Optional<ModelLimits.Reached> limit = limits.reached(pools.get(index), request, now);
        if (limit.isPresent()) {
            boolean isRight = refused.reason() == limit.get().reason()
                    && refused.notBeforeNanos() == limit.get().notBefore();
            check(isRight, () -> "refused " + refused + ", not " + limit);
            return;
        }
        Verdict verdict = judges.get(index).judge(request);
        check(verdict.allows(refused), () -> "refused " + refused + " " + request + ", not " + verdict);
    }

    private void refusedAfterWaiting(Waiter waiter, Refused refused) {
        if (!refused.reason().mayWait()) {
            checkRefusal(waiter.request(), refused);
            return;
        }
        check(waiter.deadline() <= now, () -> "refused before its time " + waiter);
        check(waiter.reasons().contains(refused.reason()), () -> "refused for another reason " + refused);
        Verdict verdict = judges.get(index(waiter.request().pool())).judge(waiter.request());
        check(!verdict.mustBeGranted(), () -> "refused though there is a port " + refused);
        long notBefore = refused.notBeforeNanos();
        check(refused.reason() == Refusal.HELD ? notBefore > now : notBefore == Refused.NEVER, () -> "late " + refused);
        boolean isExact = !isMixed
                && pool(waiter.request().pool()).waitsInOneUnit()
                && refused.reason() == Refusal.HELD
                && verdict.reasons().equals(Set.of(Refusal.HELD));
        if (isExact) {
            check(notBefore >= verdict.earliest(), () -> "refused " + refused + ", not " + verdict);
        }
    }

    /** Books that a flow waits. */
    void queued(FlowRequest request, Queued queued, Optional<IpAddress> paired) {
        int index = index(request.pool());
        ModelPool pool = pools.get(index);
        check(limits.reached(pool, request, now).isEmpty(), () -> "queued over the limit " + queued);
        Verdict verdict = judges.get(index).judge(request);
        check(verdict.mustBeRefused(), () -> "queued though there is a port " + verdict + " " + request + " " + queued);
        check(verdict.reasons().contains(queued.reason()), () -> "queued for " + queued + ", not " + verdict);
        check(pool.waiting.size() < pool.config.queue().limit(), () -> "queued beyond the limit");
        check(queued.deadlineNanos() == now + pool.config.queue().timeout().toNanos(), () -> "deadline of " + queued);
        pool.queue(queued, request, paired.orElse(pool.table.addresses.get(0)));
    }

    /** Books that an address was disabled or enabled, when what came of it has been replayed. */
    void addressChanged(Nat nat, ModelPool pool) {
        ModelJudge judge = judges.get(pools.indexOf(pool));
        pool.reconsiderWaiting(
                subscriber -> nat.pairedAddress(pool.config.name(), subscriber),
                request -> judge.judge(request).reasons());
    }

    /** No flow is left waiting that may be granted now. */
    void checkThatNobodyWaitsInVain() {
        for (int i = 0; i < pools.size(); i++) {
            for (Waiter waiter : pools.get(i).waiting) {
                Verdict verdict = judges.get(i).judge(waiter.request());
                boolean isLimited =
                        limits.reached(pools.get(i), waiter.request(), now).isPresent();
                check(isLimited || !verdict.mustBeGranted(), () -> "waits in vain " + waiter + " " + verdict);
            }
        }
    }

    void checkPairing(Nat nat) {
        for (ModelPool pool : pools) {
            for (Subscriber subscriber : RandomRequests.SUBSCRIBERS) {
                Optional<IpAddress> theirs = nat.pairedAddress(pool.config.name(), subscriber);
                Optional<IpAddress> mine =
                        pool.isPairing() ? pool.pairing.addressOf(subscriber, now) : Optional.empty();
                check(theirs.equals(mine), () -> subscriber + " is paired with " + theirs + ", not " + mine);
            }
        }
    }

    /** Compares the totals, when nothing that is over is left in {@code Nat}. */
    void compare(NatSnapshot snapshot) {
        long subscribers = RandomRequests.SUBSCRIBERS.stream().filter(this::has).count();
        check(
                snapshot.subscribers() == subscribers,
                () -> "subscribers " + subscribers + ", not " + snapshot.subscribers());
        for (int i = 0; i < pools.size(); i++) {
            ModelPool pool = pools.get(i);
            String difference = snapshots.get(i).difference(snapshot.pool(pool.config.name()));
            check(difference.isEmpty(), () -> difference);
            for (int block = 0; block < pool.blocks.count; block++) {
                boolean isDue = pool.blocks.isLent(block) && pool.blocks.isFree(block, now);
                check(!isDue, () -> "a block was not given back");
            }
        }
    }

    private boolean has(Subscriber subscriber) {
        for (ModelPool pool : pools) {
            for (Protocol protocol : Protocol.values()) {
                if (pool.liveOf(subscriber, protocol) + pool.portsOf(subscriber, protocol) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void wrong(String wrong, Object what) {
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong + what);
        }
    }

    private static void check(boolean isRight, Supplier<String> what) {
        if (!isRight) {
            throw new AssertionError(what.get());
        }
    }
}
