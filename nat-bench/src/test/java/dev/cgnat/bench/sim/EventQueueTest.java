package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventQueueTest {
    private record Event(long at, long order) {}

    /** Against a heap; delays are drawn from nothing to hours, many of them alike. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAHeapForAnySequence(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        EventQueue queue = new EventQueue();
        PriorityQueue<Event> model =
                new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
        long order = 0;
        long limit = 0;
        for (int step = 0; step < 3_000; step++) {
            int burst = random.nextInt(20) == 0 ? 2_000 : random.nextInt(8);
            int bits = 1 + random.nextInt(44);
            for (int i = 0; i < burst; i++) {
                long at = queue.nowNanos() + (random.nextLong() >>> (Long.SIZE - bits));
                Object what = order % 3 == 0 ? null : (Long) order;
                queue.add(at, order, what);
                model.add(new Event(at, order++));
            }
            limit = Math.max(limit, queue.nowNanos()) + (random.nextLong() >>> (Long.SIZE - 1 - random.nextInt(44)));
            int atMost = random.nextInt(3_000);
            boolean more = true;
            for (int i = 0; i < atMost && more; i++) {
                Event expected = model.peek();
                more = queue.next(limit);
                assertThat(more).isEqualTo(expected != null && expected.at() <= limit);
                if (more && expected != null) {
                    model.remove();
                    assertThat(queue.nowNanos()).isEqualTo(expected.at());
                    assertThat(queue.tag()).isEqualTo(expected.order());
                    assertThat(queue.what()).isEqualTo(expected.order() % 3 == 0 ? null : (Long) expected.order());
                }
            }
            assertThat(queue.size()).isEqualTo(model.size());
            if (more) {
                limit = queue.nowNanos(); // the rest stays for later
            }
        }
    }

    @Test
    void keepsTheOrderOfManyEventsOfOneMoment() {
        EventQueue queue = new EventQueue();
        for (int i = 0; i < 10_000; i++) {
            queue.add(5_000_000_000L, i, null);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(queue.next(Long.MAX_VALUE)).isTrue();
            assertThat(queue.tag()).isEqualTo(i);
        }
        assertThat(queue.next(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void thePastIsClosed() {
        EventQueue queue = new EventQueue();
        assertThat(queue.next(10)).isFalse();
        assertThatThrownBy(() -> queue.add(9, 0, null)).hasMessage("at: 9 (expected: at least 10)");
    }
}
