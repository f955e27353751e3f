package dev.cgnat.core.port;

import dev.cgnat.core.address.PortRange;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The ports that can be lent on one address, numbered 0 to {@link #size()} - 1 in ascending order.
 *
 * <p><b>Costs</b>: O(1) and no memory if the ports are one run; else 2 bytes per port, shared by all addresses of a pool, and
 * O(log P) to find a port's number.
 */
public final class PortNumbers {
    private final int first;
    private final int size;
    /** Every port, in ascending order; empty if they are one run. */
    private final char[] ports;

    private final int excluded;

    /** The ports of {@code ranges} that are in none of {@code excluded}. */
    public PortNumbers(List<PortRange> ranges, List<PortRange> excluded) {
        BitSet found = new BitSet();
        ranges.forEach(range -> found.set(range.first(), range.last() + 1));
        int configured = found.cardinality();
        excluded.forEach(range -> found.clear(range.first(), range.last() + 1));
        first = found.nextSetBit(0);
        size = found.cardinality();
        boolean isRun = found.length() - first == size;
        ports = new char[isRun ? 0 : size];
        int port = -1;
        for (int index = 0; index < ports.length; index++) {
            port = found.nextSetBit(port + 1);
            ports[index] = (char) port;
        }
        this.excluded = configured - size;
    }

    public int size() {
        return size;
    }

    /** Number of ports of the ranges that are excluded. */
    public int excluded() {
        return excluded;
    }

    public int port(int index) {
        return ports.length == 0 ? first + index : ports[index];
    }

    /** The index of {@code port}, 0 to 65535; negative if it cannot be lent. */
    public int indexOf(int port) {
        if (ports.length == 0) {
            return port - first < size ? port - first : -1;
        }
        return Arrays.binarySearch(ports, (char) port);
    }
}
