package dev.cgnat.bench.peers.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.peers.work.FlowLedger.Tuple;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FlowLedgerTest {
    private static final Tuple ONE = tuple(1);
    private static final Tuple OTHER = tuple(2);

    private final AtomicLong clock = new AtomicLong();
    private final FlowLedger ledger = new FlowLedger(clock::get);

    @BeforeEach
    void begin() {
        ledger.begin();
    }

    @Test
    void theLeastGapIsBetweenAnEndAndTheNextBeginningOfOneTuple() {
        live(ONE, 0, 10);
        live(OTHER, 11, 12);
        live(ONE, 40, 50);
        live(ONE, 70, 80);

        WorkResult told = ledger.tell();
        assertThat(told.figure(Figure.LEAST_GAP_MILLIS)).isEqualTo(20);
        assertThat(told.figure(Figure.SEEN)).isEqualTo(4);
        assertThat(told.figure(Figure.TUPLES)).isEqualTo(2);
        assertThat(told.figure(Figure.DUPLICATES)).isZero();
        assertThat(told.done()).isZero();
    }

    @Test
    void aTupleThatLivesTwiceIsADuplicateWithoutAGap() {
        ledger.opened(ONE);
        ledger.opened(ONE);

        WorkResult told = ledger.tell();
        assertThat(told.figure(Figure.DUPLICATES)).isEqualTo(1);
        assertThat(told.figure(Figure.LEAST_GAP_MILLIS)).isZero();
        assertThat(told.done()).isEqualTo(2); // both live
    }

    @Test
    void withoutAReturnThereIsNoGap() {
        live(ONE, 0, 1);

        assertThat(ledger.tell().figures()).doesNotContainKey(Figure.LEAST_GAP_MILLIS);
    }

    @Test
    void aNewRecordingKnowsNothingOfTheLast() {
        ledger.opened(ONE);
        ledger.begin();
        ledger.closed(ONE);
        live(ONE, 5, 6);

        WorkResult told = ledger.tell();
        assertThat(told.figure(Figure.SEEN)).isEqualTo(1);
        assertThat(told.figure(Figure.DUPLICATES)).isZero();
        assertThat(told.done()).isZero();
    }

    private void live(Tuple tuple, long fromMillis, long toMillis) {
        clock.set(TimeUnit.MILLISECONDS.toNanos(fromMillis));
        ledger.opened(tuple);
        clock.set(TimeUnit.MILLISECONDS.toNanos(toMillis));
        ledger.closed(tuple);
    }

    private static Tuple tuple(int port) {
        return new Tuple(
                InetSocketAddress.createUnresolved("127.0.0.1", port),
                InetSocketAddress.createUnresolved("127.0.0.2", 9));
    }
}
