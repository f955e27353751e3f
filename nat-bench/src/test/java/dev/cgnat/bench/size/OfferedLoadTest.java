package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.workload.Behaviour.Curve;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Steady;
import dev.cgnat.bench.workload.Destinations;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Mix;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.HoldDownConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OfferedLoadTest {
    private static final HoldTime FIVE_SECONDS = new HoldTime.Constant(Duration.ofSeconds(5));
    private static final HoldDownConfig LINUX = HoldDownConfig.defaults();
    private static final Opens TWO_A_SECOND = new Opens(new Steady(2, Arrivals.POISSON), 1);

    private static OfferedLoad of(Group group) {
        return OfferedLoad.of(Workload.of(group), LINUX);
    }

    @Test
    void liveAndHeldAreRateTimesTime() {
        OfferedLoad load = of(Group.of("all", 10, TWO_A_SECOND, FIVE_SECONDS));
        assertThat(load.flowsPerSecond()).isEqualTo(20);
        assertThat(load.live()).isEqualTo(100);
        assertThat(load.held()).isEqualTo(1_200); // 60 s after the client's FIN
        assertThat(load.erlangsToOne()).isEqualTo(1_300);
    }

    @Test
    void onlyWhatTheHoldDownHoldsIsHeld() {
        Mix<CloseCause> ends = new Mix<>(Map.of(CloseCause.CLIENT_FIN, 1.0, CloseCause.SERVER_FIN, 3.0));
        assertThat(of(Group.of("all", 10, TWO_A_SECOND, FIVE_SECONDS).withEnds(ends))
                        .held())
                .isEqualTo(300);
    }

    @Test
    void whatBypassesAsksForNothing() {
        assertThat(of(Group.of("all", 10, TWO_A_SECOND, FIVE_SECONDS).withBypass(0.25))
                        .live())
                .isEqualTo(75);
    }

    @Test
    void theBusiestDestinationHasItsShareByZipfsLaw() {
        OfferedLoad load =
                of(Group.of("all", 10, TWO_A_SECOND, FIVE_SECONDS).withDestinations(Destinations.zipf(3, 1)));
        assertThat(load.share()).isCloseTo(1 / (1 + 1 / 2.0 + 1 / 3.0), within(1e-9));
    }

    @Test
    void theTopOfACurveCounts() {
        Opens day = new Opens(new Curve(2, Arrivals.POISSON, List.of(0.5, 1.5), Duration.ofHours(1)), 1);
        assertThat(of(Group.of("all", 10, day, FIVE_SECONDS)).flowsPerSecond()).isEqualTo(30);
    }

    @Test
    void whoKeepsConnectionsOpensOneAfterEach() {
        Keeps four = new Keeps(4, Duration.ofSeconds(15), Duration.ZERO);
        OfferedLoad load = of(Group.of("all", 10, four, FIVE_SECONDS));
        assertThat(load.flowsPerSecond()).isEqualTo(2);
        assertThat(load.live()).isEqualTo(10);
    }
}
