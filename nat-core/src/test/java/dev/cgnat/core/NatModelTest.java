package dev.cgnat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.NatModel.Waiter;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on random small configurations, each answer compared with {@link NatModel}. */
class NatModelTest {
    private static final List<Subscriber> SUBSCRIBERS =
            Stream.of("s0", "s1", "s2", "s3").map(Subscriber::new).toList();
    private static final int STEPS = 1_000;
    private static final int CONFIGURATIONS_PER_SCOPE = 600;

    @ParameterizedTest
    @EnumSource
    @Tag("rfc4787-req11")
    @Tag("rfc6888-req11d")
    void agreesWithTheModelForAnySequence(ReuseScope scope) {
        for (long seed = 1; seed <= CONFIGURATIONS_PER_SCOPE; seed++) {
            new Run(scope, seed).steps(STEPS);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sameSeedGivesTheSameTrace(long seed) {
        for (ReuseScope scope : ReuseScope.values()) {
            assertThat(new Run(scope, seed).steps(STEPS)).isEqualTo(new Run(scope, seed).steps(STEPS));
        }
    }

    @Test
    void anotherSeedOfTheNatGivesOtherPorts() {
        assertThat(new Run(ReuseScope.ADDRESS, 1).steps(STEPS))
                .isNotEqualTo(new Run(ReuseScope.ADDRESS, 2).steps(STEPS));
    }

    /** One configuration, its NAT and its model, and the operations that the seed gives. */
    private static final class Run {
        private final ReuseScope scope;
        private final long seed;
        private final Random random;
        private final NatConfig config;
        private final Nat nat;
        private final List<NatModel> models;
        private final List<NatEvent> events = new ArrayList<>();
        private final List<NatEvent> trace = new ArrayList<>();
        private final List<Binding> ended = new ArrayList<>();
        private final List<Endpoint> destinations;
        private long now;
        private int step;

        Run(ReuseScope scope, long seed) {
            this.scope = scope;
            this.seed = seed;
            random = new Random(seed);
            RandomConfigs configs = new RandomConfigs(random, scope);
            List<PoolConfig> pools = new ArrayList<>();
            pools.add(configs.pool("a"));
            if (random.nextInt(4) == 0) {
                pools.add(configs.pool("b"));
            }
            config = new NatConfig(pools, new LimitConfig(configs.limit(), configs.limit()));
            models = pools.stream().map(NatModel::new).toList();
            nat = new Nat(config, new Random(seed), events::add);
            IpAddress far = IpAddress.ofIpv4(192, 0, 2, 1);
            Endpoint own = new Endpoint(
                    models.get(0).addresses.get(0), models.get(0).ports.nextSetBit(0));
            destinations = List.of(
                            new Endpoint(far, 80),
                            new Endpoint(far, 443),
                            new Endpoint(far.plus(1), 80),
                            random.nextInt(3) == 0 ? own : new Endpoint(far.plus(2), 80))
                    .subList(0, random.nextInt(4) + 1);
        }

        List<NatEvent> steps(int count) {
            try {
                for (step = 0; step < count; step++) {
                    step();
                }
                end();
            } catch (RuntimeException e) {
                throw new AssertionError(where(), e);
            }
            return trace;
        }

        private void step() {
            advance();
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> open();
                case 5, 6, 7 -> close();
                case 8 -> setAside();
                case 9 -> cancel();
                case 10 -> closeAgain();
                default -> expire(random.nextInt(3));
            }
            if (random.nextInt(5) == 0) {
                expire(Integer.MAX_VALUE);
                compare();
            }
            nat.expire(now, 0); // tells the time, does nothing
            for (NatModel model : models) {
                for (Subscriber subscriber : SUBSCRIBERS) {
                    Optional<IpAddress> theirs = nat.pairedAddress(model.config.name(), subscriber);
                    check(
                            theirs.equals(model.pairedAddress(subscriber)),
                            () -> subscriber + " is paired with " + theirs + ", not "
                                    + model.pairedAddress(subscriber));
                }
            }
        }

        private void advance() {
            long next = nat.nextDeadlineNanos();
            now = switch (random.nextInt(8)) {
                case 0 -> now + random.nextInt(3);
                case 1 -> now + random.nextInt(2_000_000);
                case 2 -> now + random.nextLong(2_000_000_000L);
                case 3 -> random.nextInt(20) == 0 ? now + 60_000_000_000L : now;
                case 4 -> next == Long.MAX_VALUE ? now : Math.max(now, next);
                case 5 -> next == Long.MAX_VALUE ? now : Math.max(now, next - 1);
                default -> now;
            };
            models.forEach(model -> model.now = now);
        }

        private void open() {
            NatModel model = models.get(random.nextInt(models.size()));
            Subscriber subscriber = SUBSCRIBERS.get(random.nextInt(SUBSCRIBERS.size()));
            Endpoint destination = destinations.get(random.nextInt(destinations.size()));
            FlowRequest request = new FlowRequest(
                    model.config.name(),
                    subscriber,
                    new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 1 + step % 60_000),
                    destination);
            Outcome outcome = nat.open(request, now);
            if (outcome instanceof Granted granted) {
                check(limit(subscriber).isEmpty(), () -> "granted over the limit");
                replay(Optional.of(granted.binding()), Optional.empty());
                check(granted.binding().destination().equals(destination), () -> "destination");
                check(granted.binding().subscriber().equals(subscriber), () -> "subscriber");
                return;
            }
            Optional<Refused> refusal = outcome instanceof Refused refused ? Optional.of(refused) : Optional.empty();
            replay(Optional.empty(), refusal);
            settle();
            if (outcome instanceof Queued queued) {
                check(limit(subscriber).isEmpty(), () -> "queued over the limit");
                Refused why = model.whyFull(subscriber, destination).orElseThrow();
                check(queued.reason() == why.reason(), () -> "queued for " + queued + ", not " + why);
                check(model.waiting.size() < model.config.queue().limit(), () -> "queued beyond the limit");
                check(
                        queued.deadlineNanos()
                                == now + model.config.queue().timeout().toNanos(),
                        () -> "deadline " + queued);
                IpAddress address =
                        nat.pairedAddress(request.pool(), subscriber).orElse(model.addresses.get(0));
                if (why.reason() == Refusal.HELD && model.isPerAddress()) {
                    check(
                            model.earliestRest(address, destination) == why.notBeforeNanos(),
                            () -> "waits where another slot is free first");
                }
                model.queue(queued, request, address);
            }
            checkThatNobodyWaitsInVain();
        }

        private void close() {
            NatModel model = models.get(random.nextInt(models.size()));
            if (!model.live.isEmpty()) {
                Binding binding = model.live.get(random.nextInt(model.live.size()));
                CloseCause cause = new RandomConfigs(random, scope).oneOf(CloseCause.values());
                nat.close(binding, cause, now);
                ended.add(binding);
                replay(Optional.empty(), Optional.empty());
            }
        }

        private void setAside() {
            NatModel model = models.get(random.nextInt(models.size()));
            if (!model.live.isEmpty() && random.nextInt(2) == 0) {
                Binding binding = model.live.get(random.nextInt(model.live.size()));
                boolean wholePair = random.nextBoolean();
                if (wholePair) {
                    nat.setAsidePair(binding, now);
                } else {
                    nat.setAsideSlot(binding, now);
                }
                ended.add(binding);
                model.setAside(binding, wholePair);
                check(events.equals(List.of(new NatEvent.SetAside(binding, now))), () -> "events " + events);
                keepEvents();
            }
        }

        private void closeAgain() {
            if (!ended.isEmpty()) {
                Binding binding = ended.get(random.nextInt(ended.size()));
                try {
                    nat.close(binding, CloseCause.RESET, now);
                    check(false, () -> "closed twice " + binding);
                } catch (IllegalStateException expected) {
                    check(events.isEmpty(), () -> "events of a stale close");
                }
            }
        }

        private void cancel() {
            NatModel model = models.get(random.nextInt(models.size()));
            if (!model.waiting.isEmpty()) {
                Waiter waiter = model.waiting.get(random.nextInt(model.waiting.size()));
                Queued queued = new Queued(waiter.ticket(), waiter.reason(), waiter.deadline());
                check(nat.cancel(queued, now), () -> "cancelled");
                check(!nat.cancel(queued, now), () -> "cancelled twice");
                model.dequeue(waiter);
                check(events.isEmpty(), () -> "events of a cancel");
            }
        }

        private void expire(int limit) {
            boolean nothingDue = nat.nextDeadlineNanos() > now;
            int count = nat.expire(now, limit);
            check(!nothingDue || (count == 0 && events.isEmpty()), () -> "calling early did something");
            replay(Optional.empty(), Optional.empty());
            if (limit == Integer.MAX_VALUE) {
                settle();
                check(nat.nextDeadlineNanos() > now, () -> "something due was left");
                check(
                        models.stream()
                                .flatMap(model -> model.waiting.stream())
                                .allMatch(waiter -> waiter.deadline() > now),
                        () -> "an overdue waiter was left");
                checkThatNobodyWaitsInVain();
            }
        }

        /** Books the events of a call; {@code granted} and {@code refused} are those of the flow that was opened. */
        private void replay(Optional<Binding> granted, Optional<Refused> refused) {
            for (int i = 0; i < events.size(); i++) {
                boolean ofWaiter = i + 1 < events.size() && events.get(i + 1) instanceof NatEvent.Dequeued;
                NatEvent event = events.get(i);
                check(event.atNanos() == now, () -> "time of " + event);
                if (event instanceof NatEvent.Opened opened) {
                    Binding binding = opened.binding();
                    check(ofWaiter || granted.equals(Optional.of(binding)), () -> "who opened " + binding);
                    check(limit(binding.subscriber()).isEmpty(), () -> "granted over the limit " + binding);
                    long ticket = ofWaiter ? ((NatEvent.Dequeued) events.get(i + 1)).ticket() : Long.MAX_VALUE;
                    String wrong = model(binding.pool()).grant(binding, ticket);
                    check(wrong.isEmpty(), () -> wrong + " " + binding);
                } else if (event instanceof NatEvent.Refused refusal && !ofWaiter) {
                    check(refused.equals(Optional.of(refusal.refused())), () -> "who was refused " + refusal);
                    checkRefusal(refusal);
                } else if (event instanceof NatEvent.Closed closed) {
                    long freeAt = model(closed.binding().pool()).close(closed.binding(), closed.cause());
                    check(closed.freeAtNanos() == freeAt, () -> "free at " + freeAt + ", not " + closed);
                } else if (event instanceof NatEvent.Dequeued dequeued) {
                    dequeued(dequeued);
                }
            }
            keepEvents();
        }

        private void checkRefusal(NatEvent.Refused event) {
            FlowRequest request = event.request();
            NatModel model = model(request.pool());
            Optional<Refusal> limit = limit(request.subscriber());
            Optional<Refused> expected =
                    limit.map(Refused::of).or(() -> model.whyFull(request.subscriber(), request.destination()));
            check(expected.equals(Optional.of(event.refused())), () -> "refused " + event + ", not " + expected);
            check(
                    limit.isPresent()
                            || model.waiting.size() >= model.config.queue().limit(),
                    () -> "refused with room to wait");
        }

        private void dequeued(NatEvent.Dequeued event) {
            NatModel model = models.stream()
                    .filter(one -> one.waiting.stream().anyMatch(waiter -> waiter.ticket() == event.ticket()))
                    .findFirst()
                    .orElseThrow();
            Waiter waiter = model.waiting.stream()
                    .filter(one -> one.ticket() == event.ticket())
                    .findFirst()
                    .orElseThrow();
            if (event.outcome() instanceof Granted granted) {
                check(granted.binding().internal().equals(waiter.request().internal()), () -> "granted to another");
            } else if (event.outcome() instanceof Refused refused
                    && refused.reason().isOutOfPorts()) {
                check(waiter.deadline() <= now, () -> "refused before its time " + waiter);
                check(refused.reason() == waiter.reason(), () -> "refused for another reason " + refused);
                long notBefore = waiter.reason() == Refusal.HELD
                        ? model.earliestRest(waiter.address(), waiter.request().destination())
                        : Refused.NEVER;
                check(refused.notBeforeNanos() == notBefore, () -> "not before " + notBefore + " but " + refused);
            } else if (event.outcome() instanceof Refused refused) {
                check(
                        limit(waiter.request().subscriber()).equals(Optional.of(refused.reason())),
                        () -> "limit " + event);
            }
            model.dequeue(waiter);
        }

        /** No waiting flow is left while a slot that it may have is free. */
        private void checkThatNobodyWaitsInVain() {
            for (NatModel model : models) {
                for (Waiter waiter : model.waiting) {
                    check(
                            model.allowed(waiter).stream()
                                    .noneMatch(address -> model.hasLegal(
                                            address, waiter.request().destination(), true)),
                            () -> "waits in vain " + waiter);
                }
            }
        }

        private void compare() {
            NatSnapshot snapshot = nat.snapshot();
            for (NatModel model : models) {
                NatSnapshot.PoolSnapshot pool = snapshot.pool(model.config.name());
                String difference = model.difference(pool);
                check(difference.isEmpty(), () -> difference);
                check(
                        pool.free() + pool.inUse() + pool.held() + pool.reserved() == pool.capacity(),
                        () -> "sum of " + pool);
            }
            long subscribers = SUBSCRIBERS.stream()
                    .filter(one -> models.stream()
                                    .mapToInt(model -> model.liveOf(one) + model.heldOf(one))
                                    .sum()
                            > 0)
                    .count();
            check(snapshot.subscribers() == subscribers, () -> "subscribers " + subscribers + " but " + snapshot);
        }

        /** Closes all and lets all rest: nothing may be left. */
        private void end() {
            while (models.stream().anyMatch(model -> !model.live.isEmpty() || !model.waiting.isEmpty())) {
                step++;
                models.forEach(model -> List.copyOf(model.live).forEach(binding -> {
                    nat.close(binding, CloseCause.CLIENT_FIN, now);
                    replay(Optional.empty(), Optional.empty());
                }));
                now += 120_000_000_000L;
                models.forEach(model -> model.now = now);
                expire(Integer.MAX_VALUE);
            }
            now += 120_000_000_000L;
            models.forEach(model -> model.now = now);
            expire(Integer.MAX_VALUE);
            compare();
            for (NatSnapshot.PoolSnapshot pool : nat.snapshot().pools()) {
                int excluded = pool.config().configuredPorts() - pool.config().usablePorts();
                int addresses = scope == ReuseScope.HOST ? 1 : pool.config().addressCount();
                check(pool.free() == pool.capacity() - excluded * addresses, () -> "not all free " + pool);
                check(pool.units() == 0 && pool.maxDestinationUtilization() == 0, () -> "a unit is left " + pool);
            }
            check(nat.nextDeadlineNanos() == Long.MAX_VALUE, () -> "a deadline is left");
        }

        private void settle() {
            models.forEach(NatModel::settle);
        }

        private void keepEvents() {
            trace.addAll(events);
            events.clear();
        }

        private NatModel model(String pool) {
            return models.stream()
                    .filter(model -> model.config.name().equals(pool))
                    .findFirst()
                    .orElseThrow();
        }

        private Optional<Refusal> limit(Subscriber subscriber) {
            return NatModel.limitReached(models, config.limits(), subscriber);
        }

        private String where() {
            return "scope " + scope + ", seed " + seed + ", step " + step + ", " + config;
        }

        private void check(boolean ok, Supplier<String> what) {
            if (!ok) {
                throw new AssertionError(what.get() + " at " + now + ": " + where());
            }
        }
    }
}
