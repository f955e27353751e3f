package dev.cgnat.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.size.Ceiling;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows at equal distances and of equal lifetimes, of one subscriber to one destination, against slots ÷ hold. */
final class ChurnTest {
    private static final Duration LIFETIME = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "windows-2003-default",
                "linux-default",
                "aws-nat-gateway",
                "azure-nat-gateway",
                "gcp-cloud-nat-static"
            })
    void nobodyIsRefusedBelowTheCeilingAndSomeAreAboveIt(String profile) throws ConfigException {
        NatConfig nat = ConfigLoader.loadProfile(profile).nat();
        Ceiling ceiling = Ceiling.of(nat.pools().get(0), nat.limits(), 1, LIFETIME);
        Ceiling.Rate clientFirst = ceiling.rates().stream()
                .filter(rate -> rate.cause() == CloseCause.CLIENT_FIN)
                .findFirst()
                .orElseThrow();
        double perSecond = clientFirst.perSecondPerSubscriber().orElseThrow();

        SimulationResult below = run(nat, 0.95 * perSecond, clientFirst.hold());
        assertThat(below.totals().refused()).isEmpty();
        assertThat(below.totals().granted())
                .isGreaterThan(3L * ceiling.capacity().slotsPerSubscriber() / 2);

        SimulationResult above = run(nat, 1.05 * perSecond, clientFirst.hold());
        assertThat(above.totals().refusedTotal()).isPositive();
        assertThat(above.totals().refused().keySet()).isSubsetOf(Set.of("held", "block_limit", "destination_limit"));
        assertThat(above.totals().firstRefusalSeconds().orElseThrow())
                .as("the pool is full for the first time")
                .isCloseTo(
                        clientFirst.hold().toMillis() / 1e3 / 1.05, org.assertj.core.data.Percentage.withPercentage(2));
    }

    private static SimulationResult run(NatConfig nat, double perSecond, Duration hold) {
        Workload workload = Workload.of(Plans.group("client", 1, Plans.constant(perSecond), Plans.lasting(LIFETIME)));
        return new Simulation(SimulationPlan.of(nat, workload, hold.multipliedBy(2), 1)).run(nanos -> {});
    }
}
