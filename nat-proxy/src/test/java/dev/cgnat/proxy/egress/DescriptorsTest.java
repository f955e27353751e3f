package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    private static final int LIMIT = Descriptors.HEADROOM + 10;

    @Test
    void outsideLegsLeaveTheHeadroomToClients() {
        Descriptors descriptors = new Descriptors(LIMIT, 1000);
        assertThat(acquired(descriptors::acquireOutside)).isEqualTo(10);
        assertThat(acquired(descriptors::acquireClient)).isEqualTo(Descriptors.HEADROOM);
    }

    @Test
    void clientsMayTakeEverything() {
        Descriptors descriptors = new Descriptors(LIMIT, 1000);
        assertThat(acquired(descriptors::acquireClient)).isEqualTo(LIMIT);
        assertThat(descriptors.acquireOutside()).isFalse();
        descriptors.releaseClient();
        assertThat(descriptors.acquireOutside())
                .as("the last %d are for clients", Descriptors.HEADROOM)
                .isFalse();
    }

    @Test
    void sessionsEndAtTheirOwnLimit() {
        Descriptors descriptors = new Descriptors(LIMIT, 3);
        assertThat(acquired(descriptors::acquireOutside)).isEqualTo(3);
        descriptors.releaseOutside();
        assertThat(acquired(descriptors::acquireOutside)).isEqualTo(1);
    }

    @Test
    void refusedSessionCostsNothing() {
        Descriptors descriptors = new Descriptors(LIMIT, 11);
        assertThat(acquired(descriptors::acquireOutside)).isEqualTo(10); // the eleventh met the headroom
        descriptors.releaseOutside();
        assertThat(acquired(descriptors::acquireOutside)).isEqualTo(1);
    }

    @Test
    void processBudgetLeavesEachFlowTwoDescriptors() {
        Descriptors descriptors = Descriptors.ofProcess(OptionalInt.empty());
        assertThat(descriptors.sessionLimit()).isPositive();
        int budget = acquired(descriptors::acquireClient);
        assertThat(2 * descriptors.sessionLimit() + Descriptors.HEADROOM).isLessThanOrEqualTo(budget);
    }

    @Test
    void configuredSessionsAreTheLimit() {
        assertThat(Descriptors.ofProcess(OptionalInt.of(7)).sessionLimit()).isEqualTo(7);
    }

    @Test
    void threadsTogetherNeverGetMoreThanThereIs() throws Exception {
        Descriptors descriptors = new Descriptors(LIMIT, 1000);
        AtomicInteger out = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> workers = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            workers.add(threads.submit(() -> {
                for (int round = 0; round < 50_000; round++) {
                    if (descriptors.acquireOutside()) {
                        most.accumulateAndGet(out.incrementAndGet(), Math::max);
                        out.decrementAndGet();
                        descriptors.releaseOutside();
                    }
                }
            }));
        }
        for (Future<?> worker : workers) {
            worker.get(120, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(most.get()).isBetween(1, 10);
        assertThat(acquired(descriptors::acquireOutside)).isEqualTo(10);
    }

    private static int acquired(BooleanSupplier acquire) {
        int count = 0;
        while (acquire.getAsBoolean()) {
            count++;
        }
        return count;
    }
}
