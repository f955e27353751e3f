package dev.cgnat.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BenchPlanTest {
    private static final int MIB = 1 << 20;
    private static final BenchPlan PLAN = new BenchPlan(List.of(MIB, 16 * MIB), List.of(0.0, 50.0, 99.99), false);

    @Test
    void namesEveryRow() {
        assertThat(PLAN.names())
                .containsExactly(
                        "baseline",
                        "port-space",
                        "netfilter-windows",
                        "vpp-tries",
                        "cilium-probes",
                        "linear-scan",
                        "map-probing",
                        "sparse-baseline",
                        "sparse",
                        "nat",
                        "nat-huge-pages",
                        "gate-1",
                        "gate-8");
        assertThat(cases("")).extracting(BenchCase::name).containsAll(PLAN.names());
    }

    @Test
    void anOpponentComesWithItsBaseline() {
        assertThat(cases("vpp"))
                .extracting(BenchCase::name)
                .containsExactly(
                        "baseline",
                        "baseline",
                        "baseline",
                        "baseline",
                        "baseline",
                        "baseline", //
                        "vpp-tries",
                        "vpp-tries",
                        "vpp-tries",
                        "vpp-tries",
                        "vpp-tries",
                        "vpp-tries");
        assertThat(cases("^sparse$")).extracting(BenchCase::name).containsExactly("sparse-baseline", "sparse");
        assertThat(cases("nat$")).extracting(BenchCase::name).containsExactly("nat", "nat");
        assertThat(cases("nothing")).isEmpty();
    }

    @Test
    void theMapIsMeasuredUpToAMillionSlotsOnly() {
        assertThat(cases("map"))
                .filteredOn(one -> one.name().equals("map-probing"))
                .extracting(BenchCase::slots)
                .containsOnly((long) MIB);
    }

    @Test
    void aSlotIsAlwaysFree() {
        BenchPlan tiny = new BenchPlan(List.of(2, 4096), List.of(0.0, 99.99), true);
        Stream<BenchCase> all = tiny.cases(Pattern.compile("port-space")).stream();
        assertThat(all.filter(one -> one.name().equals("port-space")))
                .extracting(BenchCase::slots, BenchCase::used)
                .containsExactly(tuple(2L, 0L), tuple(2L, 1L), tuple(4096L, 0L), tuple(4096L, 4095L));
    }

    @Test
    void theNatHasSixteenAddressesNinetyPercentFull() {
        assertThat(cases("nat$").get(1))
                .returns(16L * 64_512 * 10, BenchCase::slots)
                .returns(9_289_728L, BenchCase::used);
    }

    private static List<BenchCase> cases(String pattern) {
        return PLAN.cases(Pattern.compile(pattern));
    }
}
