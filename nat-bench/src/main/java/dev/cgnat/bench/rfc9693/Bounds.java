package dev.cgnat.bench.rfc9693;

/**
 * How much is asked of a NAT, and of this machine.
 *
 * @param connections that the table is loaded with for the rates, 1 to {@code most}
 * @param most connections that the table is loaded with for its capacity, 1 or more
 * @param repeats of every figure, 1 to 100
 */
public record Bounds(int connections, int most, int repeats) {
    private static final int MAX_REPEATS = 100;

    public Bounds {
        if (most < 1) {
            throw new IllegalArgumentException("connections: " + most + " (expected: at least 1)");
        }
        if (connections < 1 || connections > most) {
            throw new IllegalArgumentException("table: " + connections + " (expected: 1 to " + most
                    + ", the connections that this process may hold)");
        }
        if (repeats < 1 || repeats > MAX_REPEATS) {
            throw new IllegalArgumentException("repeats: " + repeats + " (expected: 1 to " + MAX_REPEATS + ")");
        }
    }
}
