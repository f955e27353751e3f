package dev.cgnat.proxy.config;

import java.time.Duration;

/**
 * When somebody should be told that a pool runs full (RFC 7659 section 3.1.2: thresholds with a distance between them, so that a
 * pool at the brink is not told of for ever).
 *
 * @param raise utilisation (in use + held + reserved ÷ all ports) at which the alarm begins, more than 0, at most 1
 * @param clear utilisation below which it ends, at least 0, at most {@code raise}
 * @param interval the least time between two alarms of a pool, 0 to 24 h
 */
public record AlarmConfig(double raise, double clear, Duration interval) {
    private static final Duration MAX_INTERVAL = Duration.ofDays(1);

    public AlarmConfig {
        if (!(raise > 0 && raise <= 1)) {
            throw new IllegalArgumentException("alarm.raise: " + raise + " (expected: more than 0, at most 1)");
        }
        if (!(clear >= 0 && clear <= raise)) {
            throw new IllegalArgumentException(
                    "alarm.clear: " + clear + " (expected: 0 to " + raise + ", alarm.raise)");
        }
        if (interval.isNegative() || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("alarm.interval: " + interval + " (expected: 0s to 24h)");
        }
    }

    /** Raised at 0.8, cleared below 0.7, at most once a minute. */
    public static AlarmConfig defaults() {
        return new AlarmConfig(0.8, 0.7, Duration.ofMinutes(1));
    }

    /** These thresholds with whatever {@code fields} says instead. */
    AlarmConfig overriddenBy(Fields fields) {
        double newRaise = fields.read("raise", Leaves.guarded(Leaves::ratio, AlarmConfig::requireRaise), raise);
        double newClear = fields.read("clear", Leaves::ratio, Math.min(clear, newRaise));
        Duration newInterval = fields.read(
                "interval", Leaves.guarded(Leaves::duration, time -> new AlarmConfig(1, 0, time)), interval);
        if (newClear > newRaise) {
            fields.error(fields.at("clear"), "clear", newClear + " (expected: at most " + newRaise + ", alarm.raise)");
            return this;
        }
        return new AlarmConfig(newRaise, newClear, newInterval);
    }

    private static void requireRaise(double value) {
        if (value == 0) {
            throw new IllegalArgumentException("(expected: more than 0, at most 1)");
        }
    }
}
