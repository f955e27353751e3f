package dev.cgnat.proxy.diagnose;

import java.util.ArrayDeque;
import java.util.List;

/** The last samples of one pool. <b>Ownership</b>: any thread. */
final class PoolHistory {
    private final int limit;
    private final ArrayDeque<PoolSample> samples = new ArrayDeque<>();

    /** @param limit samples that are kept, at least 1 */
    PoolHistory(int limit) {
        this.limit = limit;
    }

    synchronized void add(PoolSample sample) {
        if (samples.size() == limit) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    synchronized List<PoolSample> all() {
        return List.copyOf(samples);
    }

    /** The last {@code count}, or as many as there are. */
    List<PoolSample> last(int count) {
        List<PoolSample> all = all();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }
}
