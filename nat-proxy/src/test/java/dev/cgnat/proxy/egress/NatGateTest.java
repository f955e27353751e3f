package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.proxy.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class NatGateTest {
    private static final Endpoint WEB = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void timerAloneEndsTheWaitingOfWhoeverGetsNoPort() throws Exception {
        NatGate gate = gate(pool(1, Duration.ZERO).withQueue(new QueueConfig(Duration.ofMillis(50), 10)));
        gate.open(request(1), outcome -> {});
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        assertThat(gate.open(request(2), told::complete)).isInstanceOf(Outcome.Queued.class);
        assertThat(told.get(60, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.EXHAUSTED));
    }

    @Test
    void timerAloneServesTheWaitingWhenHoldDownEnds() throws Exception {
        NatGate gate = gate(pool(1, Duration.ofSeconds(1)).withQueue(new QueueConfig(Duration.ofSeconds(30), 10)));
        gate.close(granted(gate.open(request(1), outcome -> {})), CloseCause.RESET);
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        assertThat(gate.open(request(2), told::complete)).isInstanceOf(Outcome.Queued.class);
        assertThat(told.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Granted.class);
    }

    @Test
    void earlierDeadlinesReplaceTheTimerInsteadOfAddingOne() {
        timer.setRemoveOnCancelPolicy(true);
        HoldDownConfig holdDown = new HoldDownConfig(
                Duration.ofHours(3), Duration.ofHours(2), Duration.ofHours(1), Duration.ofMillis(1), Duration.ZERO);
        NatGate gate = gate(pool(1000, Duration.ZERO).withHoldDown(holdDown));
        for (int round = 1; round <= 20; round++) {
            for (CloseCause cause : CloseCause.values()) {
                gate.close(granted(gate.open(request(1), outcome -> {})), cause);
            }
            long expired = round;
            await().atMost(Wire.GUARD)
                    .untilAsserted(() -> assertThat(held(gate)).isEqualTo((int) expired * 3));
        }
        await().atMost(Wire.GUARD)
                .untilAsserted(() -> assertThat(timer.getQueue()).hasSize(1));
    }

    @Test
    void cancelledFlowIsNeverTold() {
        NatGate gate = gate(pool(1, Duration.ZERO).withQueue(new QueueConfig(Duration.ofSeconds(30), 10)));
        Binding only = granted(gate.open(request(1), outcome -> {}));
        AtomicInteger told = new AtomicInteger();
        Outcome.Queued first = (Outcome.Queued) gate.open(request(2), outcome -> told.incrementAndGet());
        CompletableFuture<Outcome> second = new CompletableFuture<>();
        gate.open(request(3), second::complete);
        assertThat(gate.cancel(first)).isTrue();
        assertThat(gate.cancel(first)).isFalse();
        gate.close(only, CloseCause.RESET);
        assertThat(second).isCompletedWithValueMatching(Outcome.Granted.class::isInstance);
        assertThat(told).hasValue(0);
    }

    @Test
    void flowThatWasToldCannotBeCancelled() {
        NatGate gate = gate(pool(1, Duration.ZERO).withQueue(new QueueConfig(Duration.ofSeconds(30), 10)));
        Binding only = granted(gate.open(request(1), outcome -> {}));
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        Outcome.Queued queued = (Outcome.Queued) gate.open(request(2), told::complete);
        gate.close(only, CloseCause.RESET);
        assertThat(gate.cancel(queued)).isFalse();
        assertThat(told).isCompleted();
    }

    @Test
    void decisionsGoOnWhenTheTimerHasEnded() {
        NatGate gate = gate(pool(1, Duration.ofMinutes(1)).withQueue(new QueueConfig(Duration.ofSeconds(30), 10)));
        timer.shutdownNow();
        Binding only = granted(gate.open(request(1), outcome -> {}));
        gate.close(only, CloseCause.RESET);
        assertThat(gate.open(request(2), outcome -> {})).isInstanceOf(Outcome.Queued.class);
        assertThat(gate.snapshot().pool("main").waiting()).isEqualTo(1);
    }

    @Test
    void manyThreadsLeaveNothingBehindAndEveryWaiterIsToldOnce() throws Exception {
        NatGate gate = gate(pool(3, Duration.ofMillis(1)).withQueue(new QueueConfig(Duration.ofMillis(5), 8)));
        Stress stress = new Stress(gate);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> workers = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            long seed = worker;
            workers.add(threads.submit(() -> stress.work(new Random(seed), 4_000)));
        }
        for (Future<?> worker : workers) {
            worker.get(120, TimeUnit.SECONDS);
        }
        threads.shutdown();
        await().atMost(Wire.GUARD).untilAsserted(() -> {
            stress.closeAll();
            PoolSnapshot pool = gate.snapshot().pool("main");
            assertThat(List.of(
                            pool.sessions(),
                            pool.waiting(),
                            pool.heldSlots(),
                            pool.pairs(Protocol.TCP).inUse(),
                            pool.pairs(Protocol.TCP).held()))
                    .containsOnly(0);
            // Who waits no more is told a moment later.
            assertThat(stress.told.get() + stress.cancelled.get()).isEqualTo(stress.queued.get());
        });
        assertThat(stress.queued).hasPositiveValue();
        assertThat(stress.cancelled).hasPositiveValue();
        assertThat(stress.toldAgain).hasValue(0);
        assertThat(gate.snapshot().pool("main").granted()).isEqualTo(stress.closed.get());
    }

    /** What eight threads do to one gate, and what they were told. */
    private static final class Stress {
        private final NatGate gate;
        private final AtomicInteger queued = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger toldAgain = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private final ConcurrentHashMap.KeySetView<Binding, Boolean> live = ConcurrentHashMap.newKeySet();

        Stress(NatGate gate) {
            this.gate = gate;
        }

        void work(Random random, int rounds) {
            for (int round = 0; round < rounds; round++) {
                AtomicInteger times = new AtomicInteger();
                Outcome outcome = gate.open(request(random.nextInt(20)), later -> {
                    told.incrementAndGet();
                    toldAgain.addAndGet(times.getAndIncrement());
                    keep(later);
                });
                keep(outcome);
                if (outcome instanceof Outcome.Queued waiting) {
                    queued.incrementAndGet();
                    if (random.nextInt(3) == 0 && gate.cancel(waiting)) {
                        cancelled.incrementAndGet();
                    }
                }
                if (random.nextInt(4) != 0) {
                    closeAll();
                }
            }
        }

        void closeAll() {
            for (Binding binding : live) {
                if (live.remove(binding)) {
                    gate.close(binding, CloseCause.RESET);
                    closed.incrementAndGet();
                }
            }
        }

        private void keep(Outcome outcome) {
            if (outcome instanceof Outcome.Granted granted) {
                live.add(granted.binding());
            }
        }
    }

    private NatGate gate(PoolConfig pool) {
        return new NatGate(NatConfig.of(pool), timer);
    }

    private static int held(NatGate gate) {
        return gate.snapshot().pool("main").heldSlots();
    }

    private static PoolConfig pool(int ports, Duration holdDown) {
        return PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))
                .withPorts(new PortRange(40_000, 40_000 + ports - 1))
                .withPooling(PoolingConfig.defaults().withPairedIdle(Duration.ZERO))
                .withHoldDown(HoldDownConfig.same(holdDown));
    }

    private static FlowRequest request(int client) {
        Endpoint internal = new Endpoint(IpAddress.ofIpv4(10, 0, 0, client), 50_000);
        return new FlowRequest("main", new Subscriber("10.0.0." + client), internal, WEB);
    }

    private static Binding granted(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Granted.class);
        return ((Outcome.Granted) outcome).binding();
    }
}
