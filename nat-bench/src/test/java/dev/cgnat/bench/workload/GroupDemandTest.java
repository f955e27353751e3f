package dev.cgnat.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.workload.Behaviour.Curve;
import dev.cgnat.bench.workload.Behaviour.Openings;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Recorded;
import dev.cgnat.bench.workload.Behaviour.Steady;
import dev.cgnat.core.CloseCause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GroupDemandTest {
    private static final double SECOND = 1e9;

    @Test
    void arrivalsFollowTheCurveAgainAndAgain() {
        Openings curve = new Curve(1000, Arrivals.POISSON, List.of(1.0, 0.0, 3.0, 0.5), Duration.ofSeconds(40));
        long[] counts = new long[8]; // two periods of four parts of ten seconds
        for (long at : times(curve, 90_000)) {
            if (at < 80 * SECOND) {
                counts[(int) (at / (10 * SECOND))]++;
            }
        }
        double[] expected = {10_000, 0, 30_000, 5_000, 10_000, 0, 30_000, 5_000};
        for (int i = 0; i < counts.length; i++) {
            assertThat((double) counts[i]).isCloseTo(expected[i], within(5 * Math.sqrt(expected[i])));
        }
    }

    @Test
    void constantArrivalsOfACurveAreAtItsRateExactly() {
        Openings curve = new Curve(10, Arrivals.CONSTANT, List.of(1.0, 2.0), Duration.ofSeconds(2));
        assertThat(times(curve, 12))
                .containsExactly(
                        0L,
                        100_000_000L,
                        200_000_000L,
                        300_000_000L,
                        400_000_000L,
                        500_000_000L,
                        600_000_000L,
                        700_000_000L,
                        800_000_000L,
                        900_000_000L,
                        1_000_000_000L,
                        1_050_000_000L);
    }

    @Test
    void recordedArrivalsAreThoseAndNoMore() {
        GroupDemand demand = demand(new Recorded(List.of(5L, 5L, 9L)));
        for (long expected : new long[] {5, 5, 9, Long.MAX_VALUE}) {
            assertThat(demand.nextNanos()).isEqualTo(expected);
            demand.advance();
        }
    }

    @Test
    void wishesAreDrawnByTheirWeights() {
        Group group = Group.of(
                        "mixed", 10, new Opens(new Steady(1, Arrivals.POISSON), 1), HoldTime.parse("exponential:2s"))
                .withDestinations(Destinations.zipf(3, 1))
                .withEnds(new Mix<>(Map.of(CloseCause.RESET, 1.0, CloseCause.IDLE, 3.0)))
                .withBypass(0.2);
        GroupDemand demand = GroupDemand.of(Workload.of(group), 5).get(0);
        List<Wish> wishes = Stream.generate(demand::wish).limit(100_000).toList();

        assertThat(share(wishes.stream().filter(Wish::bypasses))).isCloseTo(0.2, within(0.01));
        assertThat(share(wishes.stream().filter(wish -> wish.cause() == CloseCause.IDLE)))
                .isCloseTo(0.75, within(0.01));
        // 1, 1/2 and 1/3 in proportion
        assertThat(share(wishes.stream().filter(wish -> wish.destination() == 0)))
                .isCloseTo(6.0 / 11, within(0.01));
        assertThat(share(wishes.stream().filter(wish -> wish.destination() == 2)))
                .isCloseTo(2.0 / 11, within(0.01));
        assertThat(wishes.stream().mapToLong(Wish::lifetimeNanos).average().orElseThrow() / SECOND)
                .isCloseTo(2, within(0.05));
    }

    @Test
    void aGroupsDrawsDoNotDependOnAnothers() {
        Group first =
                Group.of("a", 10, new Opens(new Steady(1, Arrivals.POISSON), 1), HoldTime.parse("exponential:2s"));
        Group second =
                Group.of("b", 3, new Opens(new Steady(9, Arrivals.POISSON), 1), HoldTime.parse("exponential:9s"));
        GroupDemand alone = GroupDemand.of(Workload.of(first), 5).get(0);
        GroupDemand beside = GroupDemand.of(new Workload("both", "", List.of(first, second)), 5)
                .get(0);
        for (int i = 0; i < 100; i++) {
            assertThat(beside.nextNanos()).isEqualTo(alone.nextNanos());
            assertThat(beside.wish()).isEqualTo(alone.wish());
            alone.advance();
            beside.advance();
        }
    }

    private static double share(Stream<Wish> wishes) {
        return wishes.count() / 100_000.0;
    }

    private static List<Long> times(Openings openings, int count) {
        GroupDemand demand = demand(openings);
        return Stream.generate(() -> {
                    long at = demand.nextNanos();
                    demand.advance();
                    return at;
                })
                .limit(count)
                .toList();
    }

    private static GroupDemand demand(Openings openings) {
        Group group = Group.of("one", 1, new Opens(openings, 1), HoldTime.parse("constant:1s"));
        return GroupDemand.of(Workload.of(group), 3).get(0);
    }
}
