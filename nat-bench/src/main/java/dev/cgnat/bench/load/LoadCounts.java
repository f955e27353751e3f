package dev.cgnat.bench.load;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a driver has done so far. {@code intended = attempted + own}, and when nothing is under way {@code attempted =
 * established + refused + failed}.
 *
 * @param intended beginnings that the arrival process asked for
 * @param attempted flows that went out
 * @param established flows that were granted and reached the target
 * @param completed established flows that lasted their hold time and were closed by the client
 * @param echoed established flows whose bytes came back, as they were
 * @param refused by reason: the NAT said no
 * @param failed by reason: neither established nor refused
 * @param broken by reason: established, and ended by another
 * @param own by reason: the driver's own shortage, never the NAT's
 * @param live established and not ended
 * @param peakLive most at a time
 * @param opening attempted and undecided
 * @param bytesSent payload sent
 * @param bytesReceived payload received
 */
public record LoadCounts(
        long intended,
        long attempted,
        long established,
        long completed,
        long echoed,
        SortedMap<String, Long> refused,
        SortedMap<String, Long> failed,
        SortedMap<String, Long> broken,
        SortedMap<String, Long> own,
        int live,
        int peakLive,
        int opening,
        long bytesSent,
        long bytesReceived) {
    public LoadCounts {
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
        failed = Collections.unmodifiableSortedMap(new TreeMap<>(failed));
        broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
        own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
    }

    public long refusedTotal() {
        return sum(refused);
    }

    public long failedTotal() {
        return sum(failed);
    }

    public long brokenTotal() {
        return sum(broken);
    }

    public long ownTotal() {
        return sum(own);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
