package dev.cgnat.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.Demand;
import dev.cgnat.bench.load.Demand.End;
import dev.cgnat.bench.load.Demand.Flow;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Recorded;
import dev.cgnat.core.CloseCause;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkloadDemandTest {
    private static final long SEED = 3;
    private static final Opens THREE_AT_ONCE = new Opens(new Recorded(List.of(0L)), 3);
    private static final Group GROUP = Group.of("web", 5, THREE_AT_ONCE, HoldTime.parse("exponential:1s"))
            .withDestinations(Destinations.uniform(50))
            .withEnds(new Mix<>(Map.of(CloseCause.SERVER_FIN, 1.0, CloseCause.RESET, 1.0)))
            .withRetry(new Retry(2, Duration.ofSeconds(1)));

    private static WorkloadDemand demand() {
        return new WorkloadDemand(
                Workload.of(GROUP), (group, index) -> InetSocketAddress.createUnresolved("d" + group, index), 5, SEED);
    }

    @Test
    void flowsAreThoseOfTheSimulator() {
        WorkloadDemand demand = demand();
        GroupDemand simulated = GroupDemand.of(Workload.of(GROUP), SEED).get(0);
        int subscriber = simulated.subscriber();
        for (int i = 0; i < 3; i++) {
            Flow flow = demand.take();
            Wish wish = simulated.wish();
            assertThat(flow.subscriber()).isEqualTo(subscriber);
            assertThat(flow.holdNanos()).isEqualTo(wish.lifetimeNanos());
            assertThat(flow.target().toString()).contains("d0").endsWith(":" + wish.destination());
            assertThat(flow.close()).isEqualTo(wish.cause() == CloseCause.RESET ? CloseMode.RESET : CloseMode.SERVER);
        }
        assertThat(demand.nextNanos()).isEqualTo(Demand.NEVER);
    }

    @Test
    void whoeverWasRefusedAsksForTheSameAgain() {
        WorkloadDemand demand = demand();
        Flow first = demand.take();
        demand.ended(first, End.REFUSED, 7);
        demand.take(); // the rest of the burst comes before
        demand.take();
        assertThat(demand.retries()).isZero();
        assertThat(demand.nextNanos()).isEqualTo(1_000_000_007);
        Flow again = demand.take();
        assertThat(again).usingRecursiveComparison().ignoringFields("tag").isEqualTo(first);
        assertThat(demand.retries()).isEqualTo(1);
        demand.ended(again, End.REFUSED, 1_000_000_007);
        assertThat(demand.nextNanos()).isEqualTo(3_000_000_007L);
        demand.ended(demand.take(), End.REFUSED, 3_000_000_007L);
        assertThat(demand.nextNanos()).isEqualTo(Demand.NEVER); // two times, as the group says
        assertThat(demand.retries()).isEqualTo(2);
    }
}
