package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * Counters that go up by one with each try, seen through an offset that a keyed hash makes of internal address and
 * destination. One client's ports towards one destination follow each other; those towards another tell nothing of them as
 * long as the counter is not the same: algorithm 3 has one counter for all, algorithm 4 a table of them, chosen by a
 * second hash. The RFC hashes the local address; that is the client's here, as all clients share the external one.
 *
 * <p><b>RFC</b>: 6056 sections 3.3.3 and 3.3.4, algorithms 3 and 4.
 */
final class HashedSelector implements PortSelector {
    static final int SINGLE = 1;
    static final int TABLE = 1_024;

    private static final int FIRST_COUNTS = 1 << 16;

    private final SipHash offsetHash;
    private final SipHash tableHash;
    private final long[] counters;

    /** @param counters {@link #SINGLE} for algorithm 3, {@link #TABLE} for algorithm 4 */
    HashedSelector(int counters, RandomGenerator random) {
        offsetHash = new SipHash(random.nextLong(), random.nextLong());
        tableHash = new SipHash(random.nextLong(), random.nextLong());
        this.counters = new long[counters];
        for (int i = 0; i < counters; i++) {
            this.counters[i] = random.nextInt(FIRST_COUNTS);
        }
    }

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        int size = view.size();
        int index = (int) (nonNegative(hash(tableHash, flow)) % counters.length);
        long offset = nonNegative(hash(offsetHash, flow)) % size;
        int from = (int) ((offset + counters[index]) % size);
        int slot = view.claimNextFree(from);
        counters[index] += slot == PortSpace.NO_SLOT ? size : Math.floorMod(slot - from, size) + 1;
        return slot;
    }

    private static long nonNegative(long hash) {
        return hash >>> 1;
    }

    private static long hash(SipHash hash, SelectionInput flow) {
        return hash.of(
                flow.internal().address().high(),
                flow.internal().address().low(),
                flow.destination().address().high(),
                flow.destination().address().low(),
                flow.destination().port());
    }
}
