package dev.cgnat.bench.size;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The most that a pool can give: flows at a time, and new flows per second for ever.
 *
 * @param capacity flows at a time
 * @param destinations 1 or more
 * @param lifetime how long a flow is taken to live, 0 or more
 * @param rates one for each cause, in the order of the enum
 */
public record Ceiling(PoolConfig pool, PoolCapacity capacity, int destinations, Duration lifetime, List<Rate> rates) {
    /** The rule, for people. */
    public static final String RULE = "new flows per second to one destination never exceed slots / hold time"
            + " (hold time = lifetime of a flow + hold-down)";

    /**
     * What holds if every flow ends the same way.
     *
     * @param hold lifetime + hold-down
     * @param perSecond slots ÷ hold, to one destination; empty where the hold is 0, so nothing limits it but the lifetime
     * @param perSecondPerSubscriber the same for one subscriber
     */
    public record Rate(
            CloseCause cause, Duration hold, OptionalDouble perSecond, OptionalDouble perSecondPerSubscriber) {}

    public Ceiling {
        rates = List.copyOf(rates);
    }

    /**
     * The ceilings of a pool whose every configured port can be had.
     *
     * @param destinations 1 or more
     * @param lifetime 0 or more
     */
    public static Ceiling of(PoolConfig pool, LimitConfig limits, int destinations, Duration lifetime) {
        if (destinations < 1) {
            throw new IllegalArgumentException("destinations: " + destinations + " (expected: at least 1)");
        }
        PoolCapacity capacity = PoolCapacity.of(pool, limits);
        OptionalDouble live = rate(capacity.liveToOne(), lifetime);
        OptionalDouble ownLive = rate(capacity.livePerSubscriber(), lifetime);
        OptionalDouble ownNew = limits.newPerSecondPerSubscriber() == LimitConfig.NONE
                ? OptionalDouble.empty()
                : OptionalDouble.of(limits.newPerSecondPerSubscriber());
        List<Rate> rates = Arrays.stream(CloseCause.values())
                .map(cause -> {
                    Duration hold = cause.holdDown(pool.holdDown()).plus(lifetime);
                    OptionalDouble own = least(rate(capacity.slotsPerSubscriber(), hold), least(ownLive, ownNew));
                    return new Rate(cause, hold, least(rate(capacity.slotsToOne(), hold), live), own);
                })
                .toList();
        return new Ceiling(pool, capacity, destinations, lifetime, rates);
    }

    /**
     * Slots ÷ hold.
     *
     * @return per second; empty if {@code hold} is 0
     */
    public static OptionalDouble rate(int slots, Duration hold) {
        return hold.isZero() ? OptionalDouble.empty() : OptionalDouble.of(slots / (hold.toNanos() / 1e9));
    }

    private static OptionalDouble least(OptionalDouble a, OptionalDouble b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return OptionalDouble.of(Math.min(a.getAsDouble(), b.getAsDouble()));
    }
}
