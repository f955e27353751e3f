package dev.cgnat.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.jmh.opponents.PortAllocator;
import dev.cgnat.core.Outcome;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.infra.ThreadParams;

/** What is measured does what it says, without JMH. */
final class BenchmarksTest {
    private static final int SLOTS = 4_096;

    @ParameterizedTest
    @EnumSource(value = Contestant.class, names = "BASELINE", mode = EnumSource.Mode.EXCLUDE)
    void aContestantBeginsWithItsLiveSlotsUsed(Contestant contestant) {
        int used = SLOTS / 2;
        Set<Integer> live = new HashSet<>();
        LiveSlots slots = new LiveSlots(used, new QuickRandom(5));
        PortAllocator allocator = contestant.prepare(SLOTS, used, new QuickRandom(7), slots);
        for (int i = 0; i < 50 * used; i++) {
            live.add(slots.exchange(-1));
        }
        live.remove(-1);
        assertThat(live).hasSize(used);
        int granted = 0;
        for (int slot = allocator.grant(); slot != PortAllocator.REFUSED; slot = allocator.grant()) {
            assertThat(live.add(slot)).as("slot %d was free", slot).isTrue();
            granted++;
        }
        assertThat(granted).isPositive().isLessThanOrEqualTo(SLOTS - used);
    }

    @ParameterizedTest
    @EnumSource(
            value = Contestant.class,
            names = {"PORT_SPACE", "LINEAR_SCAN", "MAP_PROBING"})
    void whoIsExactNeverRefusesWithOneSlotFree(Contestant contestant) {
        assertThat(refusedOf(contestant, SLOTS - 1)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Contestant.class,
            names = {"NETFILTER_WINDOWS", "VPP_TRIES", "CILIUM_PROBES"})
    void whoGivesUpRefusesAlmostAlwaysWithOneSlotFree(Contestant contestant) {
        assertThat(refusedOf(contestant, SLOTS - 1)).isGreaterThan(1_000);
        assertThat(refusedOf(contestant, 0)).isZero();
    }

    @Test
    void sparseDestinationsComeAndGo() {
        SparseBench bench = new SparseBench();
        bench.destinations = 50;
        bench.fill();
        Costs costs = new Costs();
        for (int i = 0; i < 10_000; i++) {
            assertThat(bench.pair(costs)).isNotNegative();
        }
        assertThat(costs.refused).isZero();
    }

    @Test
    void theNatIsAskedForEachFlowThatItHolds() {
        NatBench bench = new NatBench();
        bench.addresses = 1;
        bench.used = 30_000;
        bench.fill();
        Costs costs = new Costs();
        for (int i = 0; i < 20_000; i++) {
            assertThat(bench.pair(costs)).isInstanceOf(Outcome.Granted.class);
        }
        assertThat(costs.refused).isZero();
    }

    @Test
    void theGateIsAskedByEachThreadForItsOwnFlows() {
        GateBench bench = new GateBench();
        bench.addresses = 1;
        bench.used = 2_000;
        bench.start();
        try {
            GateBench.Flows first = flows(bench, 0);
            GateBench.Flows second = flows(bench, 1);
            Costs costs = new Costs();
            for (int i = 0; i < 1_000; i++) {
                assertThat(bench.pair(first, costs)).isInstanceOf(Outcome.Granted.class);
                assertThat(bench.pair(second, costs)).isInstanceOf(Outcome.Granted.class);
            }
            assertThat(costs.refused).isZero();
        } finally {
            bench.stop();
        }
    }

    private static GateBench.Flows flows(GateBench bench, int thread) {
        GateBench.Flows flows = new GateBench.Flows();
        flows.open(bench, new ThreadParams(thread, 2, 0, 1, 0, 1, thread, 2, thread, 2));
        return flows;
    }

    private static long refusedOf(Contestant contestant, int used) {
        PortSpaceBench bench = new PortSpaceBench();
        bench.contestant = contestant;
        bench.slots = SLOTS;
        bench.used = used;
        bench.fill();
        Costs costs = new Costs();
        for (int i = 0; i < 2_000; i++) {
            bench.pair(costs);
        }
        return costs.refused;
    }
}
