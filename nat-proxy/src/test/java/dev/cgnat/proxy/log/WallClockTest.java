package dev.cgnat.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WallClockTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private long nanos = 1_000;
    private long readingTakes;
    private int interruptions;
    private Instant wall = START;

    private final Clock source = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            nanos += readingTakes;
            if (interruptions > 0) {
                interruptions--;
                nanos += 1_000_000;
                wall = wall.plusNanos(1_000_000);
            }
            return wall;
        }
    };

    private final WallClock clock = new WallClock(source, () -> nanos);

    @Test
    void anEventHasTheTimeOfTheWallWhenItHappened() {
        assertThat(clock.at(1_000)).isEqualTo(START);
        assertThat(clock.at(2_001_000)).isEqualTo(START.plusNanos(2_000_000));
    }

    @Test
    void aFirstReadingThatWasInterruptedIsRepeated() {
        interruptions = 2;
        assertThat(new WallClock(source, () -> nanos).at(1_000)).isEqualTo(START);
    }

    @Test
    void theWallClockIsFollowedWhenItIsSetButNotItsNoise() {
        wall = START.plusNanos(10_000);
        clock.follow();
        assertThat(clock.at(1_000)).isEqualTo(START);

        wall = START.minusSeconds(3);
        clock.follow();
        assertThat(clock.at(1_000)).isEqualTo(wall);
    }

    @Test
    void aReadingThatWasInterruptedTellsNothing() {
        wall = START.plusSeconds(3);
        readingTakes = 1_000_000;
        clock.follow();
        assertThat(clock.at(1_000)).isEqualTo(START);
    }
}
