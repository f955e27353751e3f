package dev.cgnat.bench.grade;

import dev.cgnat.core.address.PortRange;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;

/**
 * First and last port.
 *
 * <p>Of a dry pool, all were seen. Else the extremes of a sample bound them: of n ports drawn from N, the gap below the lowest is
 * longer than N·(1 − 0.01^(1/n)) once in 100 times (the German tank problem at both ends), and a usual boundary within that gap is
 * what is meant.
 */
final class PortRangeEstimate {
    private static final double DOUBT = 0.01;
    private static final int FEWEST = 16;
    private static final int LAST_PORT = 65_535;
    /** Where NATs and hosts begin and end by default; of several that fit, the last is meant. */
    private static final List<Integer> USUAL_FIRST = List.of(1, 1025, 1024, 10_000, 16_384, 20_000, 32_768, 49_152);

    private static final List<Integer> USUAL_LAST = List.of(5_000, 29_999, 61_000, 60_999, 65_534, LAST_PORT);

    private PortRangeEstimate() {}

    /**
     * What the ports that were seen tell.
     *
     * @param sampled whether the ports are a fair sample: not a sequence, and not in blocks
     */
    static Finding<PortRange> of(NavigableSet<Integer> ports, boolean dry, int addresses, boolean sampled) {
        if (ports.isEmpty()) {
            return Finding.notSeen("not seen: no flow was granted");
        }
        PortRange seen = new PortRange(ports.first(), ports.last());
        if (dry) {
            return Finding.of(
                    seen,
                    String.format(
                            Locale.ROOT,
                            "the pool is dry: %,d of the %,d numbers were lent, of %s",
                            ports.size(),
                            seen.size(),
                            Text.count(addresses, "address")));
        }
        if (!sampled || ports.size() < FEWEST) {
            return Finding.of(
                    seen,
                    "as seen, the range may be wider: " + Text.count(ports.size(), "port")
                            + " of a pool that is not dry");
        }
        int n = ports.size();
        double whole = seen.size() * (n + 1.0) / (n - 1.0);
        int gap = (int) Math.ceil(whole * (1 - Math.pow(DOUBT, 1.0 / n)));
        int lowest = Math.max(1, seen.first() - gap);
        int highest = Math.min(LAST_PORT, seen.last() + gap);
        int first = USUAL_FIRST.stream()
                .filter(usual -> usual >= lowest && usual <= seen.first())
                .reduce((a, b) -> b)
                .orElse(seen.first());
        int last = USUAL_LAST.stream()
                .filter(usual -> usual <= highest && usual >= seen.last())
                .reduce((a, b) -> b)
                .orElse(seen.last());
        return Finding.of(
                new PortRange(first, last),
                String.format(
                        Locale.ROOT,
                        "%,d ports seen from %d to %d; with 99 %% confidence the first is %d or higher, the last %d or lower",
                        n,
                        seen.first(),
                        seen.last(),
                        lowest,
                        highest));
    }
}
