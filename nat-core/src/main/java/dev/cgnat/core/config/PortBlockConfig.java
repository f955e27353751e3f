package dev.cgnat.core.config;

/**
 * How external ports are lent to subscribers in blocks (RFC 6888 REQ-14, RFC 7422 "port range"). A block is a run of
 * consecutive usable ports of one address; what does not fill a block is never lent.
 *
 * @param size ports in a block, 1 to 65,535
 * @param maxPerSubscriber blocks that one subscriber may have at a time, at least 1 (RFC 6888 REQ-4)
 */
public record PortBlockConfig(int size, int maxPerSubscriber, BlockGrowth grow) {
    private static final int MAX_SIZE = 65_535;

    public PortBlockConfig {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size: " + size + " (expected: 1 to 65535)");
        }
        if (maxPerSubscriber < 1) {
            throw new IllegalArgumentException("max-per-subscriber: " + maxPerSubscriber + " (expected: at least 1)");
        }
    }
}
