package dev.cgnat.proxy.config;

import java.time.Duration;

/**
 * When the use of a pool is worth an alarm (RFC 7659 natv2PoolThresholdUsageHigh and Low, and its notification interval).
 *
 * @param raise utilization from which on the alarm is raised, above 0, at most 1
 * @param clear utilization from which on down it is cleared, 0 to {@code raise}
 * @param interval how long an alarm stays raised before it is told again, 1 s to 24 h
 */
public record AlarmConfig(double raise, double clear, Duration interval) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    public AlarmConfig {
        requireRaise(raise);
        if (!(clear >= 0 && clear <= raise)) {
            throw new IllegalArgumentException(
                    "alarm.clear: " + clear + " (expected: 0 to alarm.raise, " + raise + ")");
        }
        requireInterval(interval);
    }

    /** Raised at 80 %, cleared at 70 %, told again after a minute. */
    public static AlarmConfig defaults() {
        return new AlarmConfig(0.8, 0.7, Duration.ofMinutes(1));
    }

    static void requireRaise(double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("alarm.raise: " + value + " (expected: above 0, at most 1)");
        }
    }

    static void requireInterval(Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("alarm.interval: " + value + " (expected: 1s to 24h)");
        }
    }

    /** These values with whatever {@code pool} says in its section instead. */
    static AlarmConfig read(Fields pool, AlarmConfig base) {
        Fields fields = pool.section("alarm", Section.ALARM);
        double raise = fields.read("raise", Leaves.guarded(Leaves::ratio, AlarmConfig::requireRaise), base.raise);
        double clear = fields.read("clear", Leaves::ratio, Math.min(base.clear, raise));
        if (clear > raise) {
            fields.error(fields.at("clear"), "clear", clear + " (expected: 0 to raise, " + raise + ")");
            clear = raise;
        }
        return new AlarmConfig(
                raise,
                clear,
                fields.read("interval", Leaves.guarded(Leaves::duration, AlarmConfig::requireInterval), base.interval));
    }
}
