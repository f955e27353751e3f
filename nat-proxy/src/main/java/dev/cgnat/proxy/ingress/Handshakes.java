package dev.cgnat.proxy.ingress;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.LimitConfig;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections of each source have not completed their request, so that nobody fills the proxy with connections that
 * never say what they want.
 *
 * <p><b>Ownership</b>: any thread. <b>Costs</b>: an entry for each source with such connections, gone with the last of them;
 * begin and end are one update of a hash map each.
 */
public final class Handshakes {
    private final ConcurrentMap<IpAddress, Integer> open = new ConcurrentHashMap<>();
    private volatile int perSource;

    /** None yet. At most {@code perSource} at a time, at least 1; {@link LimitConfig#NONE} = as many as come. */
    public Handshakes(int perSource) {
        this.perSource = perSource;
    }

    /** From now on that many at a time; those beyond go on. */
    public void limit(int count) {
        perSource = count;
    }

    /** Counts one more of {@code source}, to be ended once; false = it has all that it may have. */
    boolean begin(IpAddress source) {
        boolean isGranted = open.merge(source, 1, Integer::sum) <= perSource;
        if (!isGranted) {
            end(source);
        }
        return isGranted;
    }

    /** One that began is over. */
    void end(IpAddress source) {
        open.computeIfPresent(source, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Sources with at least one. */
    int sources() {
        return open.size();
    }
}
