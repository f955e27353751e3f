package dev.cgnat.bench.jmh;

import java.util.List;
import java.util.Map;

/**
 * One fork.
 *
 * @param name of the row, such as {@code port-space}
 * @param baseline name of the row whose cost is the benchmark's own, or the same name if there is none
 * @param method of the benchmark class, such as {@code PortSpaceBench.pair}
 * @param slots that can be lent
 * @param used of them, all the time
 * @param threads 1 or more
 * @param allocates whether its iterations must be long enough for the garbage collector's work to even out
 * @param parameters of the benchmark class
 * @param jvm arguments of the fork
 */
public record BenchCase(
        String name,
        String baseline,
        String method,
        long slots,
        long used,
        int threads,
        boolean allocates,
        Map<String, String> parameters,
        List<String> jvm) {}
