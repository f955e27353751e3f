package dev.cgnat.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestsTest {
    private long nowNanos;
    private int rested;
    private final Rests rests = new Rests(() -> nowNanos, () -> rested++);

    @Test
    void aShortPieceOfWorkHasNone() {
        for (int i = 0; i < 12; i++) {
            work(4);
        }
        assertThat(rested).isZero();
    }

    @Test
    void aLongOneRestsAfterEachFiftyMicroseconds() {
        for (int i = 0; i < 1_000; i++) {
            work(5);
        }
        assertThat(rested).isEqualTo(100);
    }

    /** One that the scheduler took the processor from may have waited longer than it worked: it rests once, not for all that time. */
    @Test
    void aLateOneRestsOnce() {
        work(10_000);
        work(4);
        assertThat(rested).isEqualTo(1);
    }

    private void work(long micros) {
        nowNanos += TimeUnit.MICROSECONDS.toNanos(micros);
        rests.restIfDue();
    }
}
