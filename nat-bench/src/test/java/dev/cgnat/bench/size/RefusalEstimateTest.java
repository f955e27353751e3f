package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RefusalEstimateTest {
    private static Trial trial(long offered, long exhausted) {
        SortedMap<String, Long> refused = new TreeMap<>();
        if (exhausted > 0) {
            refused.put("exhausted", exhausted);
        }
        return new Trial(offered, refused, 1, 1, "none", new LogVolume(0, 0));
    }

    @Test
    void whatWasNeverSeenIsAtMostThreeInAllThatWereTried() {
        RefusalEstimate none = RefusalEstimate.of(List.of(trial(10_000, 0), trial(20_000, 0)));
        assertThat(none.mean()).isZero();
        assertThat(none.high()).isEqualTo(1e-4);
        assertThat(none.meets(1e-4)).isTrue();
        assertThat(none.meets(0.99e-4)).isFalse();
    }

    @Test
    void theIntervalIsStudents() {
        RefusalEstimate some = RefusalEstimate.of(List.of(trial(1000, 10), trial(1000, 20), trial(1000, 30)));
        assertThat(some.mean()).isCloseTo(0.02, within(1e-12));
        double half = 4.302_652_7 * 0.01 / Math.sqrt(3); // t(2; 0.975), standard deviation 0.01
        assertThat(some.high()).isCloseTo(0.02 + half, within(1e-6));
        assertThat(some.low()).isZero();
        assertThat(some.mainReason()).isEqualTo("exhausted");
    }

    @Test
    void oneRunWithRefusalsShowsNothing() {
        assertThat(RefusalEstimate.of(List.of(trial(1_000_000, 1))).meets(0.5)).isFalse();
    }

    @Test
    void runsThatAgreeByChanceAreNotSurerThanTheirFlowsAllow() {
        RefusalEstimate same = RefusalEstimate.of(List.of(trial(100, 1), trial(100, 1)));
        assertThat(same.high()).isGreaterThanOrEqualTo(3.0 / 200);
    }

    @Test
    void whatIsSaidOfTheSameFlowsIsSaidOfAllOfThem() {
        RefusalEstimate none = RefusalEstimate.ofAll(List.of(trial(100, 0), trial(100, 0)));
        assertThat(none.high()).isZero();
        RefusalEstimate same = RefusalEstimate.ofAll(List.of(trial(1000, 1), trial(1000, 1), trial(1000, 1)));
        assertThat(same.meets(1e-3)).isTrue();
        assertThat(same.low()).isEqualTo(same.high());
        RefusalEstimate drawn = RefusalEstimate.ofAll(List.of(trial(1000, 0), trial(1000, 20), trial(1000, 40)));
        double half = 4.302_652_7 * 0.02 / Math.sqrt(3);
        assertThat(drawn.high()).isCloseTo(0.02 + half, within(1e-6));
    }
}
