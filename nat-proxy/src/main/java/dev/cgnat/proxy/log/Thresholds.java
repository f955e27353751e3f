package dev.cgnat.proxy.log;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.Protocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notices when a pool gets nearly full, and when that is over: at or above the one threshold, then below the other. What counts is
 * what cannot be lent: ports in use, held or reserved. <b>Ownership</b>: one thread.
 */
final class Thresholds {
    private final int high;
    private final int low;
    private final Set<String> raised = new HashSet<>();

    /** @param high in percent, as {@code low} */
    Thresholds(int high, int low) {
        this.high = high;
        this.low = low;
    }

    /** What has changed since the last time. */
    List<LogRecord> passed(NatSnapshot snapshot, Instant time) {
        List<LogRecord> records = new ArrayList<>();
        for (PoolSnapshot pool : snapshot.pools()) {
            String name = pool.config().name();
            PairCounts pairs = pool.pairs(Protocol.TCP);
            double percent = 100.0 * (pairs.capacity() - pairs.free()) / pairs.capacity();
            if (percent >= high && raised.add(name)) {
                records.add(new LogRecord.Threshold(time, name, true, high));
            } else if (percent < low && raised.remove(name)) {
                records.add(new LogRecord.Threshold(time, name, false, low));
            }
        }
        return records;
    }
}
