package dev.cgnat.bench.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which cases are run, and with how much memory. */
public final class BenchPlan {
    private static final double[] NAT_FILLS = {50, 90};
    /** What a host with gigabytes of flows is best run with; a Java that knows no huge pages ignores that. */
    private static final List<String> HUGE_PAGES =
            List.of("-XX:+UseParallelGC", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseTransparentHugePages");

    private static final double HUGE_FILL = 90;
    private static final double GATE_FILL = 50;
    private static final int[] GATE_THREADS = {1, 8};

    /** Of {@link Ref}, and of a Java that does nothing else. */
    private static final int BASE_MB = 704;

    private static final int SPARSE_MB = 3_072;
    private static final int BYTES_PER_SLOT = 6;
    private static final int BYTES_PER_FLOW = 600;
    private static final long MB = 1 << 20;

    private final List<Integer> slots;
    private final List<Double> fills;
    private final boolean isSmall;

    /**
     * @param slots sizes of the port space's unit
     * @param fills its occupancies in percent, 0 or more, less than 100
     * @param isSmall whether the other benchmarks are content with a fraction of their flows
     */
    public BenchPlan(List<Integer> slots, List<Double> fills, boolean isSmall) {
        this.slots = List.copyOf(slots);
        this.fills = List.copyOf(fills);
        this.isSmall = isSmall;
    }

    /** The names of all rows, such as {@code port-space}. */
    public List<String> names() {
        return all().stream().map(BenchCase::name).distinct().toList();
    }

    /** The cases whose names {@code pattern} finds, and the baselines that they need; none if it finds none. */
    public List<BenchCase> cases(Pattern pattern) {
        Predicate<String> isAsked = pattern.asPredicate();
        List<String> baselines = all().stream()
                .filter(any -> isAsked.test(any.name()))
                .map(BenchCase::baseline)
                .distinct()
                .toList();
        return all().stream()
                .filter(any -> isAsked.test(any.name()) || baselines.contains(any.name()))
                .toList();
    }

    private List<BenchCase> all() {
        List<BenchCase> cases = new ArrayList<>();
        for (Contestant contestant : Contestant.values()) {
            for (int size : slots) {
                if (contestant.fits(size)) {
                    fills.forEach(fill -> cases.add(portSpace(contestant, size, fill)));
                }
            }
        }
        cases.add(sparse("sparse-baseline", "baseline", true));
        cases.add(sparse("sparse", "pair", false));
        for (double fill : NAT_FILLS) {
            cases.add(nat("nat", "NatBench.pair", isSmall ? 1 : 16, fill, 1, List.of()));
        }
        cases.add(nat("nat-huge-pages", "NatBench.pair", isSmall ? 1 : 16, HUGE_FILL, 1, HUGE_PAGES));
        for (int threads : GATE_THREADS) {
            cases.add(nat("gate-" + threads, "GateBench.pair", isSmall ? 1 : 4, GATE_FILL, threads, List.of()));
        }
        return cases;
    }

    private static BenchCase portSpace(Contestant contestant, int slots, double fill) {
        long used = used(slots, fill);
        return new BenchCase(
                contestant.label(),
                Contestant.BASELINE.label(),
                "PortSpaceBench.pair",
                slots,
                used,
                1,
                contestant == Contestant.MAP_PROBING,
                Map.of("contestant", contestant.name(), "slots", "" + slots, "used", "" + used),
                serial(BASE_MB
                        + slots * (long) BYTES_PER_SLOT / MB
                        + (contestant == Contestant.MAP_PROBING ? 128 : 0)));
    }

    private BenchCase sparse(String name, String method, boolean isEmpty) {
        int destinations = isSmall ? 10_000 : 1_000_000;
        return new BenchCase(
                name,
                "sparse-baseline",
                "SparseBench." + method,
                (long) destinations * SparseBench.SLOTS,
                (long) destinations * SparseBench.BINDINGS,
                1,
                false,
                Map.of("destinations", "" + destinations, "empty", "" + isEmpty),
                serial(SPARSE_MB));
    }

    private static BenchCase nat(
            String name, String method, int addresses, double fill, int threads, List<String> options) {
        int slots = BenchedNat.slots(addresses);
        long used = used(slots, fill);
        List<String> jvm = new ArrayList<>(options);
        jvm.add("-Xmx" + (BASE_MB + used * BYTES_PER_FLOW / MB) + "m");
        return new BenchCase(
                name,
                name,
                method,
                slots,
                used,
                threads,
                true,
                Map.of("addresses", "" + addresses, "used", "" + used),
                List.copyOf(jvm));
    }

    /** At most one less than there are. */
    private static long used(int slots, double fill) {
        return Math.min(slots - 1L, Math.round(slots * fill / 100));
    }

    /** Where nothing is allocated, the collector that does not work beside the benchmark. */
    private static List<String> serial(long heapMb) {
        return List.of("-XX:+UseSerialGC", "-Xmn64m", "-Xmx" + heapMb + "m");
    }
}
