package dev.cgnat.core.config;

import java.time.Duration;

/**
 * Which external addresses a subscriber is given.
 *
 * @param pairedIdle how long a subscriber without live flows keeps its address under {@link Pooling#PAIRED}, 0 to 24 h
 * @param overflow under {@link Pooling#PAIRED}
 */
public record PoolingConfig(
        Pooling behaviour, Duration pairedIdle, PairedOverflow overflow, AddressChoice chooseAddress) {
    private static final Duration MAX_PAIRED_IDLE = Duration.ofDays(1);

    public PoolingConfig {
        if (pairedIdle.isNegative() || pairedIdle.compareTo(MAX_PAIRED_IDLE) > 0) {
            throw new IllegalArgumentException("paired-idle: " + pairedIdle + " (expected: 0s to 24h)");
        }
    }

    /** Paired for 5 minutes beyond the last flow, refusal when the address is full, the address with the fewest. */
    public static PoolingConfig defaults() {
        return new PoolingConfig(
                Pooling.PAIRED, Duration.ofMinutes(5), PairedOverflow.REFUSE, AddressChoice.LEAST_LOADED);
    }

    public PoolingConfig withBehaviour(Pooling value) {
        return new PoolingConfig(value, pairedIdle, overflow, chooseAddress);
    }

    public PoolingConfig withPairedIdle(Duration value) {
        return new PoolingConfig(behaviour, value, overflow, chooseAddress);
    }

    public PoolingConfig withOverflow(PairedOverflow value) {
        return new PoolingConfig(behaviour, pairedIdle, value, chooseAddress);
    }

    public PoolingConfig withChooseAddress(AddressChoice value) {
        return new PoolingConfig(behaviour, pairedIdle, overflow, value);
    }
}
