package dev.cgnat.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestsTest {
    private final List<Long> slept = new ArrayList<>();
    private long nowNanos;
    private final Rests rests = new Rests(() -> nowNanos, nanos -> {
        slept.add(nanos);
        nowNanos += nanos;
    });

    @Test
    void aShortPieceOfWorkHasNone() {
        for (int i = 0; i < 24; i++) {
            work(4);
        }
        assertThat(slept).isEmpty();
    }

    @Test
    void aLongOneRestsAfterEachHundredMicroseconds() {
        for (int i = 0; i < 1_000; i++) {
            work(4);
        }
        assertThat(slept).hasSize(40).allMatch(nanos -> nanos == TimeUnit.MICROSECONDS.toNanos(50));
    }

    /** One that the scheduler took the processor from may have waited longer than it worked: it rests once, not for all that time. */
    @Test
    void aLateOneRestsOnce() {
        work(10_000);
        work(4);
        assertThat(slept).hasSize(1);
    }

    private void work(long micros) {
        nowNanos += TimeUnit.MICROSECONDS.toNanos(micros);
        rests.restIfDue();
    }
}
