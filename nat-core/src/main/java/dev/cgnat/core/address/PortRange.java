package dev.cgnat.core.address;

/**
 * Consecutive ports, both ends inclusive.
 *
 * @param first 0 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) {
    public PortRange {
        if (first < 0 || first > Endpoint.MAX_PORT) {
            throw new IllegalArgumentException("first: " + first + " (expected: 0 to 65535)");
        }
        if (last < first || last > Endpoint.MAX_PORT) {
            throw new IllegalArgumentException("last: " + last + " (expected: " + first + " to 65535)");
        }
    }

    /** Number of ports, 1 to 65536. */
    public int size() {
        return last - first + 1;
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
