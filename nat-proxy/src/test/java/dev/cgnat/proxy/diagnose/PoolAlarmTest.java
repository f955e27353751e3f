package dev.cgnat.proxy.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.AlarmConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolAlarmTest {
    private final PoolAlarm alarm = new PoolAlarm("main", new AlarmConfig(0.8, 0.7, Duration.ofSeconds(60)));

    @Test
    void isRaisedAtItsRatioAndNotClearedBeforeItIsBackAtTheOther() {
        assertThat(on(0.79, 0)).isEmpty();
        assertThat(on(0.80, 5)).contains(Alarm.State.RAISED);
        assertThat(on(0.71, 10)).isEmpty();
        assertThat(on(0.85, 15)).isEmpty();
        assertThat(on(0.70, 20)).contains(Alarm.State.CLEARED);
        assertThat(on(0.75, 25)).isEmpty();
        assertThat(on(0.90, 30)).contains(Alarm.State.RAISED);
    }

    @Test
    void isToldAgainEachIntervalWhileItStaysRaised() {
        assertThat(on(1, 0)).contains(Alarm.State.RAISED);
        assertThat(on(1, 59)).isEmpty();
        assertThat(on(0.75, 60)).contains(Alarm.State.STILL_RAISED);
        assertThat(on(1, 119)).isEmpty();
        assertThat(on(1, 120)).contains(Alarm.State.STILL_RAISED);
        assertThat(on(0, 121)).contains(Alarm.State.CLEARED);
        assertThat(on(0, 300)).isEmpty();
    }

    @Test
    void oneRatioForBothDoesNotRaiseAndClearAtOnce() {
        PoolAlarm narrow = new PoolAlarm("main", new AlarmConfig(1, 1, Duration.ofSeconds(60)));
        assertThat(narrow.on(1, 0).map(Alarm::state)).contains(Alarm.State.RAISED);
        assertThat(narrow.on(1, 1)).isEmpty();
        assertThat(narrow.on(0.99, 2).map(Alarm::state)).contains(Alarm.State.CLEARED);
    }

    private Optional<Alarm.State> on(double pressure, long seconds) {
        return alarm.on(pressure, seconds * 1_000_000_000L).map(Alarm::state);
    }
}
