package dev.cgnat.bench.size;

import java.util.SortedMap;

/**
 * What one run of a workload through a pool came to, once it had settled.
 *
 * @param offered flows that asked
 * @param refused by reason
 * @param peakPorts most pairs in use or held at a time
 * @param subscriberPeakPorts the most that any subscriber had at a time
 * @param busiest the destination with the most flows
 * @param perDay what would be logged in a day like that of the whole run
 */
public record Trial(
        long offered,
        SortedMap<String, Long> refused,
        int peakPorts,
        int subscriberPeakPorts,
        String busiest,
        LogVolume perDay) {
    /** The share of those that asked that was refused, 0 to 1. */
    public double refusal() {
        return offered == 0 ? 0 : (double) refusedTotal() / offered;
    }

    public long refusedTotal() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }
}
