package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Use;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.bench.workload.Destinations;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Mix;
import dev.cgnat.bench.workload.Retry;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulationTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final HoldTime SECOND = Plans.lasting(Duration.ofSeconds(1));

    @Test
    void oneSeedGivesOneReportAndAnotherSeedAnother() {
        assertThat(report(1)).isEqualTo(report(1)).isNotEqualTo(report(2));
    }

    private static String report(long seed) {
        return Json.pretty(run(SimulationPlan.of(Plans.nat(100), mixed(), MINUTE, seed)));
    }

    /** Samples and totals against the events of the core, and the pairs against their capacity. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everythingAddsUp(long seed) {
        PoolConfig pool = Plans.pool(80)
                .withReuseScope(ReuseScope.ADDRESS)
                .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(2)));
        List<NatEvent> events = new ArrayList<>();
        Set<Object> live = new HashSet<>();
        Simulation simulation = new Simulation(SimulationPlan.of(NatConfig.of(pool), mixed(), MINUTE, seed), event -> {
            events.add(event);
            if (event instanceof NatEvent.Opened opened) {
                assertThat(live.add(Map.entry(
                                opened.binding().protocol(), opened.binding().external())))
                        .as("an external endpoint is lent once at a time")
                        .isTrue();
            } else if (event instanceof NatEvent.Closed closed) {
                live.remove(
                        Map.entry(closed.binding().protocol(), closed.binding().external()));
            }
        });
        SimulationResult result = simulation.run(nanos -> {});

        long opened = events.stream().filter(NatEvent.Opened.class::isInstance).count();
        long refused =
                events.stream().filter(NatEvent.Refused.class::isInstance).count();
        long closed = events.stream().filter(NatEvent.Closed.class::isInstance).count();
        assertThat(refused).isPositive();
        assertThat(result.totals().granted()).isEqualTo(opened);
        assertThat(result.totals().refusedTotal()).isEqualTo(refused);
        assertThat(result.totals().offered()).isEqualTo(opened + refused);
        assertThat(result.events()).isEqualTo(opened + refused + closed);
        assertThat(result.samples()).hasSize(600);
        long granted = 0;
        for (Sample sample : result.samples()) {
            granted += sample.granted();
            assertThat(sample.inUse() + sample.held() + sample.reserved() + sample.free())
                    .isEqualTo(result.capacity().ports());
            assertThat(sample.inUse())
                    .isEqualTo(sample.sessions())
                    .isLessThanOrEqualTo(result.totals().peakInUse());
            assertThat(sample.held()).isLessThanOrEqualTo(result.totals().peakHeld());
        }
        assertThat(granted).isEqualTo(opened);
        Sample last = result.samples().get(599);
        assertThat(last.sessions()).isEqualTo(opened - closed).isEqualTo(live.size());
        assertThat(result.behaviours().stream()
                        .mapToLong(kind -> kind.granted())
                        .sum())
                .isEqualTo(opened);
        assertThat(sum(result.destinations())).isEqualTo(opened);
        assertThat(sum(result.addresses())).isEqualTo(opened);
    }

    /** Two kinds of subscribers, two protocols, several ways to end, retries. */
    private static Workload mixed() {
        Group short_ = Plans.group("short", 20, Plans.poisson(1), HoldTime.parse("exponential:2s"))
                .withDestinations(Destinations.zipf(10, 1))
                .withProtocols(new Mix<>(Map.of(Protocol.TCP, 3.0, Protocol.UDP, 1.0)))
                .withRetry(new Retry(2, Duration.ofMillis(300)));
        Group long_ = Plans.group("long", 10, Plans.poisson(0.5), HoldTime.parse("pareto:min=1s,mean=9s"))
                .withEnds(new Mix<>(Map.of(CloseCause.RESET, 1.0, CloseCause.IDLE, 1.0)));
        return new Workload("mixed", "", List.of(short_, long_));
    }

    @Test
    void whoeverBypassesUsesNoPort() {
        Group group = Plans.group("dual-stack", 100, Plans.poisson(10), SECOND);
        SimulationResult all = run(Plans.nat(4000), Workload.of(group));
        SimulationResult most = run(Plans.nat(4000), Workload.of(group.withBypass(0.3)));

        double fall = 1 - (double) most.totals().granted() / all.totals().granted();
        assertThat(fall).isCloseTo(0.3, within(0.02));
        assertThat(most.totals().bypassed() + most.totals().offered()).isCloseTo(60_000, within(1500L));
    }

    @Test
    void whoeverIsRefusedAsksAgainAndIsGrantedOnce() {
        Group group = Plans.group("impatient", 1, Plans.constant(1), Plans.lasting(Duration.ofMillis(1_500)))
                .withRetry(new Retry(3, Duration.ofMillis(200)));
        SimulationResult result = run(Plans.nat(1), Workload.of(group));

        // flows of 1.5 s at 1/s: the second is refused at 1.0 and 1.2 s, and granted at 1.6 s
        assertThat(result.totals().retries()).isPositive();
        assertThat(result.totals().offered())
                .isEqualTo(result.totals().granted() + result.totals().refusedTotal());
        assertThat(result.behaviours().get(0).wanted()).isEqualTo(61);
        assertThat(result.behaviours().get(0).granted())
                .isEqualTo(result.totals().granted())
                .isLessThanOrEqualTo(40);
        assertThat(result.totals().firstRefusalSeconds()).hasValue(1);
    }

    @Test
    void aPooledClientHasItsConnectionsAndNoMore() {
        Group pooled = new Group(
                "pooled",
                5,
                new Keeps(4, Duration.ofMillis(100), Duration.ofSeconds(1)),
                HoldTime.parse("exponential:5s"),
                Destinations.one(),
                Mix.only(Protocol.class, Protocol.TCP),
                Mix.only(CloseCause.class, CloseCause.CLIENT_FIN),
                0,
                Retry.never(),
                Group.SourcePort.EACH,
                java.util.Optional.empty());
        SimulationResult result = run(Plans.nat(100), Workload.of(pooled));

        assertThat(result.totals().peakSessions()).isEqualTo(20);
        assertThat(result.subscribers().peakPorts().max()).isEqualTo(4);
        assertThat(result.totals().granted()).isBetween(150L, 320L); // 20 of them, each anew about every 5.1 s
        SimulationResult dry = run(Plans.nat(10), Workload.of(pooled));
        assertThat(dry.totals().peakSessions()).isEqualTo(10);
        assertThat(dry.totals().refusedTotal()).isGreaterThan(1000); // ten ask ten times a second
    }

    @Test
    void natsSideBySideHoldAsMuchAsTheirSum() {
        Workload workload = Workload.of(Plans.group("many", 100, Plans.poisson(1), Plans.lasting(Duration.ofHours(1))));
        SimulationPlan plan =
                SimulationPlan.of(Plans.nat(50), workload, MINUTE, 1).withNats(3);
        SimulationResult result = run(plan);

        assertThat(result.totals().peakInUse()).isEqualTo(150);
        assertThat(result.capacity().ports()).isEqualTo(150);
        assertThat(result.addresses())
                .extracting(Use::name)
                .containsExactly("203.0.113.1", "203.0.113.2", "203.0.113.3");
        assertThat(result.addresses()).extracting(Use::peak).containsOnly(50);
    }

    @Test
    void aNatBehindRefusesWhatItCannotCarryAndTheFirstTakesItsPortBack() {
        Workload workload = Workload.of(Plans.group("many", 100, Plans.poisson(1), Plans.lasting(Duration.ofHours(1))));
        SimulationPlan plan =
                SimulationPlan.of(Plans.nat(200), workload, MINUTE, 1).withOuter(NatConfig.of(Plans.pool(30)));
        SimulationResult result = run(plan);

        assertThat(result.totals().granted()).isEqualTo(30);
        assertThat(result.totals().refused()).containsOnlyKeys("outer.exhausted");
        assertThat(result.samples().get(result.samples().size() - 1).inUse()).isEqualTo(30);
    }

    @Test
    void aNatBehindCountsTheExternalAddressAsItsSubscriber() {
        Workload workload = Workload.of(Plans.group("many", 100, Plans.poisson(1), Plans.lasting(Duration.ofHours(1))));
        NatConfig outer = new NatConfig(
                List.of(Plans.pool(1000)), NatConfig.of(Plans.pool(1)).limits().withSessionsPerSubscriber(7));
        SimulationResult result = run(SimulationPlan.of(Plans.nat(200), workload, MINUTE, 1)
                .withNats(2)
                .withOuter(outer));

        assertThat(result.totals().granted()).isEqualTo(14); // two external addresses
        assertThat(result.totals().refused()).containsOnlyKeys("outer.session_limit");
    }

    @Test
    void flowsThatWaitAreServedWhenAPortComesFree() {
        PoolConfig pool = Plans.pool(1).withQueue(new QueueConfig(Duration.ofSeconds(5), 10));
        Group group = Plans.group("patient", 1, Plans.constant(1), Plans.lasting(Duration.ofMillis(1_500)));
        SimulationResult result = run(NatConfig.of(pool), Workload.of(group));

        // 1.5 s for each flow, one after another without a gap: 0, 1.5, 3 …
        assertThat(result.totals().granted()).isBetween(40L, 41L);
        assertThat(result.waits().orElseThrow().max()).isBetween(4_000.0, 5_010.0);
        assertThat(result.totals().refused()).containsOnlyKeys("exhausted");
    }

    @Test
    void destinationsAreReportedByHowBusyTheyAre() {
        Group group = Plans.group("zipf", 10, Plans.poisson(100), SECOND).withDestinations(Destinations.zipf(100, 1.2));
        SimulationResult result = run(Plans.nat(4000), Workload.of(group));

        assertThat(result.destinations()).hasSize(20);
        assertThat(result.destinations().get(0).name())
                .isEqualTo(group.destinations().first().toString());
        assertThat(result.destinations()).extracting(Use::granted).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void aStoppedRunTellsWhatThereIsSoFar() {
        Simulation[] simulation = new Simulation[1];
        simulation[0] = new Simulation(SimulationPlan.of(Plans.nat(100), mixed(), Duration.ofHours(1), 1));
        SimulationResult result = simulation[0].run(nanos -> {
            if (nanos >= 60_000_000_000L) {
                simulation[0].stop();
            }
        });

        assertThat(result.interrupted()).isTrue();
        assertThat(result.durationNanos()).isEqualTo(60_000_000_000L);
    }

    @Test
    void whatCannotBeSimulatedIsAnError() {
        Workload workload = mixed();
        assertThatThrownBy(() ->
                        SimulationPlan.of(Plans.nat(1), workload, MINUTE, 1).withNats(65))
                .hasMessage("nats: 65 (expected: 1 to 64)");
        assertThatThrownBy(() -> SimulationPlan.of(Plans.nat(1), workload, Duration.ZERO, 1))
                .hasMessageStartingWith("until: PT0S (expected: ");
        assertThatThrownBy(() ->
                        SimulationPlan.of(Plans.nat(1), workload, MINUTE, 1).withSample(Duration.ofNanos(1)))
                .hasMessageStartingWith("sample: PT0.000000001S (expected: ");
    }

    @Test
    void endpointsOfDestinationsAreConsecutiveHosts() {
        Destinations destinations = Destinations.uniform(300);
        assertThat(destinations.get(299).toString()).isEqualTo("198.18.1.44:443");
        assertThat(new Destinations(new Endpoint(Plans.ADDRESS, 53), 2, 0)
                        .get(1)
                        .toString())
                .isEqualTo("203.0.113.2:53");
    }

    private static long sum(List<Use> uses) {
        return uses.stream().mapToLong(Use::granted).sum();
    }

    private static SimulationResult run(NatConfig nat, Workload workload) {
        return run(SimulationPlan.of(nat, workload, MINUTE, 1));
    }

    private static SimulationResult run(SimulationPlan plan) {
        return new Simulation(plan).run(nanos -> {});
    }
}
