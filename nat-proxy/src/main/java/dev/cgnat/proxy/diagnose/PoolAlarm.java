package dev.cgnat.proxy.diagnose;

import dev.cgnat.proxy.config.AlarmConfig;
import java.util.Optional;

/** Raises and clears the alarm of one pool, with hysteresis. <b>Ownership</b>: one thread, but for {@link #by}. */
final class PoolAlarm {
    private final String pool;
    private volatile AlarmConfig config;
    private boolean isRaised;
    private long toldNanos;

    PoolAlarm(String pool, AlarmConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** From now on by those thresholds; any thread. */
    void by(AlarmConfig value) {
        config = value;
    }

    /** What there is to tell as the pressure is {@code pressure}. */
    Optional<Alarm> on(double pressure, long nowNanos) {
        Optional<Alarm.State> state = Optional.empty();
        if (!isRaised && pressure >= config.raise()) {
            state = Optional.of(Alarm.State.RAISED);
        } else if (isRaised && pressure <= config.clear() && pressure < config.raise()) {
            state = Optional.of(Alarm.State.CLEARED);
        } else if (isRaised && nowNanos - toldNanos >= config.interval().toNanos()) {
            state = Optional.of(Alarm.State.STILL_RAISED);
        }
        state.ifPresent(told -> {
            isRaised = told != Alarm.State.CLEARED;
            toldNanos = nowNanos;
        });
        return state.map(told -> new Alarm(pool, told, pressure));
    }
}
