package dev.cgnat.bench.rfc9693;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RateSearchTest {
    private final List<Double> tried = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"500, 10000", "500, 37", "500, 500", "9000, 8999", "1, 123456"})
    void findsTheLimitOfANatThatHasOne(double first, double limit) throws InterruptedException {
        double found = RateSearch.highest(1, first, rate -> tried.add(rate) && rate <= limit);
        assertThat(found).isLessThanOrEqualTo(limit).isGreaterThan(limit * (1 - RateSearch.PRECISION) - 1);
        assertThat(tried).contains(found);
    }

    @Test
    void findsNothingWhereNothingPassesAndStopsAtTheLeast() throws InterruptedException {
        assertThat(RateSearch.highest(30, 500, rate -> tried.add(rate) && rate < 0))
                .isZero();
        assertThat(tried).allSatisfy(rate -> assertThat(rate).isGreaterThanOrEqualTo(30));
    }

    @Test
    void endsWhereEverythingPasses() throws InterruptedException {
        assertThat(RateSearch.highest(1, 1, rate -> tried.add(rate))).isEqualTo(tried.get(tried.size() - 1));
        assertThat(tried).hasSize(24);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleOnes() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0)))
                .isEqualTo(new Spread(2.5, 1, 4, List.of(4.0, 1.0, 3.0, 2.0)));
        assertThat(Spread.of(List.of(5.0, 1.0, 3.0)).median()).isEqualTo(3);
    }
}
