package dev.cgnat.core.config;

import java.time.Duration;

/**
 * How internal endpoints are mapped to external ones.
 *
 * @param idle how long a mapping outlives its last flow, 0 to 24 h, for its internal endpoint to come back (RFC 4787 REQ-5
 *     asks at least 2 min for UDP); 0 = it goes with that flow. Of no effect on flows that have a mapping of their own.
 */
public record MappingConfig(Mapping behaviour, Duration idle) {
    private static final Duration MAX_IDLE = Duration.ofDays(1);

    public MappingConfig {
        if (idle.isNegative() || idle.compareTo(MAX_IDLE) > 0) {
            throw new IllegalArgumentException("mapping-idle: " + idle + " (expected: 0s to 24h)");
        }
    }

    /** A mapping per flow. */
    public static MappingConfig defaults() {
        return new MappingConfig(Mapping.ADDRESS_AND_PORT_DEPENDENT, Duration.ZERO);
    }
}
