package dev.cgnat.core.port;

import dev.cgnat.core.address.PortRange;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The ports that can be lent on one address, numbered 0 to {@link #size()} - 1 in ascending order.
 *
 * <p><b>Costs</b>: 2 bytes per port, shared by all addresses of a pool; both directions O(log P) at most.
 */
public final class PortNumbers {
    private final char[] ports;
    private final int excluded;

    /** The ports of {@code ranges} that are in none of {@code excluded}. */
    public PortNumbers(List<PortRange> ranges, List<PortRange> excluded) {
        BitSet found = new BitSet();
        ranges.forEach(range -> found.set(range.first(), range.last() + 1));
        int configured = found.cardinality();
        excluded.forEach(range -> found.clear(range.first(), range.last() + 1));
        ports = new char[found.cardinality()];
        int port = -1;
        for (int index = 0; index < ports.length; index++) {
            port = found.nextSetBit(port + 1);
            ports[index] = (char) port;
        }
        this.excluded = configured - ports.length;
    }

    public int size() {
        return ports.length;
    }

    /** Number of ports of the ranges that are excluded. */
    public int excluded() {
        return excluded;
    }

    public int port(int index) {
        return ports[index];
    }

    /** The index of {@code port}, 0 to 65535; negative if it cannot be lent. */
    public int indexOf(int port) {
        return Arrays.binarySearch(ports, (char) port);
    }
}
