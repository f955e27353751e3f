package dev.cgnat.core.model;

import dev.cgnat.core.AddressState;
import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.DryRun;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.model.ModelPool.Live;
import dev.cgnat.core.model.ModelPool.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One random configuration, its {@link Nat} and its model, and the operations that the seed gives; each answer is compared.
 */
final class OperationRun {
    private static final long MINUTE = 60_000_000_000L;

    private final Family family;
    private final long seed;
    private final Random random;
    /** Decides on what happens to addresses; apart, so that all else is as without it. */
    private final Optional<Random> comings;

    /** Asks what would become of flows that are not opened; apart for the same reason. */
    private final Optional<Random> questions;
    /** Whether each flow that is opened is asked for before. */
    private boolean asksBeforeOpen;

    private final RandomConfigs configs;
    private final NatConfig config;
    private final RandomRequests requests;
    private final ModelNat model;
    private final Nat nat;
    private final List<NatEvent> events = new ArrayList<>();
    private final List<Binding> ended = new ArrayList<>();
    private final Consumer<NatEvent> trace;
    private long now;
    private int step;

    /** @param trace told of every event, once it was checked */
    OperationRun(Family family, long seed, Consumer<NatEvent> trace) {
        this(family, seed, trace, Optional.empty(), Optional.empty());
    }

    /** With addresses that come and go besides, and pairs that are reserved. */
    static OperationRun withAddressesThatComeAndGo(Family family, long seed) {
        return new OperationRun(family, seed, event -> {}, Optional.of(new Random(~seed)), Optional.empty());
    }

    /** As {@link #withAddressesThatComeAndGo}, and each flow is explained before it is opened. */
    static OperationRun withExplanations(Family family, long seed) {
        OperationRun run = withAddressesThatComeAndGo(family, seed);
        run.asksBeforeOpen = true;
        return run;
    }

    /** As without, but between the operations it is asked what would become of flows that are never opened. */
    static OperationRun withQuestions(Family family, long seed, Consumer<NatEvent> trace) {
        return new OperationRun(family, seed, trace, Optional.empty(), Optional.of(new Random(~seed)));
    }

    private OperationRun(
            Family family, long seed, Consumer<NatEvent> trace, Optional<Random> comings, Optional<Random> questions) {
        this.comings = comings;
        this.questions = questions;
        this.family = family;
        this.seed = seed;
        this.trace = trace;
        random = new Random(seed);
        configs = new RandomConfigs(random, family);
        config = configs.nat();
        PairTable first = new PairTable(config.pools().get(0));
        requests = new RandomRequests(random, family, first.external(0));
        model = new ModelNat(config, requests.isMixed());
        nat = new Nat(config, new Random(seed), events::add);
    }

    /** Does {@code count} operations, then ends all flows; {@link AssertionError} with all that repeats it. */
    void steps(int count) {
        try {
            for (step = 0; step < count; step++) {
                step();
            }
            end();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + " at " + now + ": " + family + ", seed " + seed + ", step " + step + ", " + config,
                    e);
        }
    }

    private void step() {
        advance();
        if (!family.isLazy()) {
            expire(Integer.MAX_VALUE);
        }
        comings.ifPresent(this::changeAddresses);
        questions.ifPresent(this::ask);
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> open();
            case 5, 6, 7 -> close();
            case 8 -> setAside();
            case 9 -> cancel();
            case 10 -> closeAgain();
            default -> expire(random.nextInt(3));
        }
        if (random.nextInt(8) == 0) {
            expire(Integer.MAX_VALUE);
            model.compare(nat.snapshot());
            model.checkPairing(nat);
        }
    }

    private void advance() {
        long next = nat.nextDeadlineNanos();
        now = switch (random.nextInt(8)) {
            case 0 -> now + random.nextInt(3);
            case 1 -> now + random.nextInt(2_000_000);
            case 2 -> now + random.nextLong(2_000_000_000L);
            case 3 -> random.nextInt(20) == 0 ? now + MINUTE : now;
            case 4 -> next == Long.MAX_VALUE ? now : Math.max(now, next);
            case 5 -> next == Long.MAX_VALUE ? now : Math.max(now, next - 1);
            default -> now;
        };
        model.advance(now);
    }

    private void open() {
        ModelPool pool = anyPool();
        FlowRequest request = requests.next(pool);
        if (asksBeforeOpen) {
            expire(Integer.MAX_VALUE);
        }
        Optional<DryRun> expected = asksBeforeOpen ? Optional.of(nat.explain(request, now)) : Optional.empty();
        check(events.isEmpty(), () -> "events of a dry run");
        Outcome outcome = nat.open(request, now);
        expected.ifPresent(dryRun -> DryRunCheck.compare(dryRun, outcome));
        replay(Optional.of(request), Optional.of(outcome));
        if (outcome instanceof Queued queued) {
            settle();
            model.queued(request, queued, nat.pairedAddress(request.pool(), request.subscriber()));
        }
        if (!(outcome instanceof Outcome.Granted)) {
            model.checkThatNobodyWaitsInVain();
        }
    }

    private void ask(Random dice) {
        RandomRequests others =
                new RandomRequests(dice, family, model.pools.get(0).table.external(0));
        ModelPool pool = model.pools.get(dice.nextInt(model.pools.size()));
        NatSnapshot before = nat.snapshot();
        nat.explain(others.next(pool), now);
        check(events.isEmpty() && before.equals(nat.snapshot()), () -> "a dry run changed something");
    }

    private void close() {
        ModelPool pool = anyPool();
        if (!pool.live.isEmpty()) {
            close(pool, pool.live.get(random.nextInt(pool.live.size())), configs.oneOf(CloseCause.values()));
        }
    }

    private void close(ModelPool pool, Live flow, CloseCause cause) {
        if (pool.wouldTie(cause)) {
            return;
        }
        long freeAt = pool.close(flow, cause);
        nat.close(flow.binding(), cause, now);
        ended.add(flow.binding());
        check(events.contains(new NatEvent.Closed(flow.binding(), cause, freeAt, now)), () -> "free at " + freeAt);
        replay(Optional.empty(), Optional.empty());
    }

    private void setAside() {
        ModelPool pool = anyPool();
        if (pool.live.isEmpty() || random.nextBoolean()) {
            return; // a block of which every port is set aside is another story
        }
        if (comings.isPresent() && family == Family.LEGACY) {
            return; // what a legacy socket met is set aside on the first address, wherever it was
        }
        Live flow = pool.live.get(random.nextInt(pool.live.size()));
        boolean wholePair = random.nextBoolean();
        pool.setAside(flow, wholePair);
        if (wholePair) {
            nat.setAsidePair(flow.binding(), now);
        } else {
            nat.setAsideSlot(flow.binding(), now);
        }
        ended.add(flow.binding());
        check(events.contains(new NatEvent.SetAside(flow.binding(), now)), () -> "not told " + flow);
        replay(Optional.empty(), Optional.empty());
    }

    private void changeAddresses(Random dice) {
        ModelPool pool = model.pools.get(dice.nextInt(model.pools.size()));
        String name = pool.config.name();
        int address = dice.nextInt(pool.table.addresses.size());
        boolean mayReserve = pool.config.blocks().isEmpty(); // a block with nothing to lend is another story
        if (dice.nextInt(12) == 0) {
            boolean isDisabled = dice.nextInt(5) < 3;
            settleDue();
            boolean isChange = pool.disabled.get(address) != isDisabled;
            pool.setDisabled(address, isDisabled);
            AddressState state = isDisabled ? AddressState.DISABLED : AddressState.ACTIVE;
            nat.setAddressState(name, pool.table.addresses.get(address), state, now);
            replay(Optional.empty(), Optional.empty());
            if (isChange) {
                model.addressChanged(nat, pool);
            }
            model.checkThatNobodyWaitsInVain();
        } else if (dice.nextInt(400) == 0 && mayReserve) {
            int pair = dice.nextInt(pool.table.pairs());
            settleDue();
            boolean isReserved = pool.reserved.add(Protocol.TCP, pair, now);
            check(
                    nat.reserve(name, Protocol.TCP, pool.table.external(pair), now) == isReserved,
                    () -> "reserved " + pool.table.external(pair) + " or not, unlike " + isReserved);
            replay(Optional.empty(), Optional.empty());
        }
    }

    private void settleDue() {
        expire(Integer.MAX_VALUE);
    }

    private void closeAgain() {
        if (!ended.isEmpty()) {
            Binding binding = ended.get(random.nextInt(ended.size()));
            try {
                nat.close(binding, CloseCause.RESET, now);
                throw new AssertionError("closed twice " + binding);
            } catch (IllegalStateException expected) {
                check(events.isEmpty(), () -> "events of a stale close");
            }
        }
    }

    private void cancel() {
        ModelPool pool = anyPool();
        if (!pool.waiting.isEmpty()) {
            Waiter waiter = pool.waiting.get(random.nextInt(pool.waiting.size()));
            Queued queued =
                    new Queued(waiter.ticket(), waiter.reasons().iterator().next(), waiter.deadline());
            check(nat.cancel(queued, now), () -> "not cancelled");
            check(!nat.cancel(queued, now), () -> "cancelled twice");
            pool.dequeue(waiter);
            check(events.isEmpty(), () -> "events of a cancel");
        }
    }

    private void expire(int limit) {
        boolean isNothingDue = nat.nextDeadlineNanos() > now;
        int count = nat.expire(now, limit);
        check(!isNothingDue || (count == 0 && events.isEmpty()), () -> "calling early did something");
        replay(Optional.empty(), Optional.empty());
        if (limit == Integer.MAX_VALUE) {
            settle();
            check(nat.nextDeadlineNanos() > now, () -> "something due was left");
            for (ModelPool pool : model.pools) {
                check(
                        pool.waiting.stream().allMatch(waiter -> waiter.deadline() > now),
                        () -> "an overdue waiter was left");
            }
            model.checkThatNobodyWaitsInVain();
        }
    }

    /** Closes all and lets all rest: nothing may be left. */
    private void end() {
        while (model.pools.stream().anyMatch(pool -> !pool.live.isEmpty() || !pool.waiting.isEmpty())) {
            step++;
            for (ModelPool pool : model.pools) {
                List.copyOf(pool.live).forEach(flow -> close(pool, flow, CloseCause.CLIENT_FIN));
            }
            pass();
        }
        pass();
        model.compare(nat.snapshot());
        for (PoolSnapshot pool : nat.snapshot().pools()) {
            for (Protocol protocol : Protocol.values()) {
                check(pool.pairs(protocol).inUse() + pool.pairs(protocol).held() == 0, () -> "a pair is left " + pool);
            }
            check(pool.blocks().free() == pool.blocks().total(), () -> "a block is left " + pool);
            check(pool.units() == 0 && pool.maxDestinationUtilization() == 0, () -> "a unit is left " + pool);
        }
        check(nat.nextDeadlineNanos() == Long.MAX_VALUE, () -> "a deadline is left");
    }

    private void pass() {
        now += 2 * MINUTE;
        model.advance(now);
        expire(Integer.MAX_VALUE);
    }

    private void replay(Optional<FlowRequest> opener, Optional<Outcome> outcome) {
        model.replay(events, opener, outcome);
        events.forEach(trace);
        events.clear();
    }

    private void settle() {
        model.pools.forEach(ModelPool::settle);
    }

    private ModelPool anyPool() {
        return model.pools.get(random.nextInt(model.pools.size()));
    }

    private static void check(boolean isRight, Supplier<String> what) {
        if (!isRight) {
            throw new AssertionError(what.get());
        }
    }
}
