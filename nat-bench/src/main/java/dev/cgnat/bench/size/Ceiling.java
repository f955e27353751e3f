package dev.cgnat.bench.size;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The most that a pool can give: flows at a time, and new flows per second for ever.
 *
 * @param pool its name
 * @param slotsToOne flows at a time to one destination endpoint, live and held together
 * @param slotsToMany flows at a time to {@code destinations} endpoints of one host
 * @param slotsToManyHosts flows at a time to {@code destinations} endpoints, each on a host of its own
 * @param slotsPerSubscriber flows at a time of one subscriber to one destination
 * @param destinations 1 or more
 * @param lifetime how long a flow is taken to live, 0 or more
 * @param rates one for each cause, in the order of the enum
 */
public record Ceiling(
        String pool,
        ReuseScope reuseScope,
        Pooling pooling,
        int slotsToOne,
        long slotsToMany,
        long slotsToManyHosts,
        int slotsPerSubscriber,
        int destinations,
        Duration lifetime,
        List<Rate> rates) {
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
        int ports = pool.usablePorts();
        int pairs = ports * pool.addressCount();
        ReuseScope scope = pool.reuseScope();
        int toOne = scope == ReuseScope.HOST ? ports : pairs;
        long toMany = scope == ReuseScope.FOUR_TUPLE ? (long) pairs * destinations : toOne;
        long toManyHosts =
                scope == ReuseScope.FOUR_TUPLE || scope == ReuseScope.REMOTE_HOST ? (long) pairs * destinations : toOne;
        int reachable = pool.pooling() == Pooling.PAIRED ? ports : toOne; // paired: those of one address
        int perSubscriber = Math.min(reachable, limits.portsPerSubscriber());
        List<Rate> rates = Arrays.stream(CloseCause.values())
                .map(cause -> {
                    Duration hold = cause.holdDown(pool.holdDown()).plus(lifetime);
                    OptionalDouble sessions = rate(limits.sessionsPerSubscriber(), lifetime);
                    OptionalDouble slots = rate(perSubscriber, hold);
                    return new Rate(cause, hold, rate(toOne, hold), least(slots, sessions));
                })
                .toList();
        return new Ceiling(
                pool.name(),
                scope,
                pool.pooling(),
                toOne,
                toMany,
                toManyHosts,
                perSubscriber,
                destinations,
                lifetime,
                rates);
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
