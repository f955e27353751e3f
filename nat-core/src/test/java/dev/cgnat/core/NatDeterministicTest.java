package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.plain;
import static dev.cgnat.core.NatFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.pool.DeterministicPlan;
import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("rfc7422-2")
class NatDeterministicTest {
    private static final IpAddress INSIDE = IpAddress.ofIpv4(100, 64, 0, 0);

    @Test
    void theWorkedExampleOfRfc7422() {
        PoolConfig pool = pool(1).withDeterministic(
                        new DeterministicConfig(inside(14), DeterministicScheme.SEQUENTIAL, 2, 0))
                .withBlocks(new PortBlockConfig(504, 2, BlockGrowth.ONE));
        DeterministicPlan plan = new DeterministicPlan(pool);
        assertThat(plan.share()).isEqualTo(4_032);
        NatFixture fixture = new NatFixture(pool);
        assertThat(ports(fixture, INSIDE, 4_032)).satisfies(stats -> {
            assertThat(stats.getMin()).isEqualTo(1_024);
            assertThat(stats.getMax()).isEqualTo(5_055);
        });
        assertThat(ports(fixture, INSIDE.plus(1), 4_032)).satisfies(stats -> {
            assertThat(stats.getMin()).isEqualTo(5_056);
            assertThat(stats.getMax()).isEqualTo(9_087);
        });
        assertThat(ports(fixture, INSIDE, 1_008))
                .satisfies(stats -> assertThat(stats.getMin()).isGreaterThanOrEqualTo(57_472));
        assertThat(open(fixture, INSIDE)).isEqualTo(refused(Refusal.BLOCK_LIMIT));
    }

    @ParameterizedTest
    @CsvSource({"16, 4032", "32, 2016", "64, 1008", "128, 504", "256, 252", "512, 126", "1024, 63"})
    void theRatiosOfVpp(int ratio, int share) {
        PoolConfig pool =
                pool(2).withDeterministic(new DeterministicConfig(inside(2 * ratio), DeterministicScheme.VPP, 0, 0));
        DeterministicPlan plan = new DeterministicPlan(pool);
        assertThat(plan.share()).isEqualTo(share);
        assertThat(plan.subscribersPerAddress()).isEqualTo(ratio);
    }

    @Test
    void vppWantsPowersOfTwo() {
        PoolConfig pool = pool(1).withDeterministic(new DeterministicConfig(inside(3), DeterministicScheme.VPP, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatFixture(pool))
                .withMessageContaining(
                        "inside: 3 addresses for 1 external ones (expected: powers of two for scheme vpp)");
    }

    @Test
    void junosSkipsNetworkAndBroadcastAndHas256PortsEach() {
        PoolConfig pool =
                pool(2).withDeterministic(new DeterministicConfig(inside(508), DeterministicScheme.JUNIPER, 0, 256));
        NatFixture fixture = new NatFixture(pool);
        assertThat(open(fixture, INSIDE)).isEqualTo(refused(Refusal.BLOCK_LIMIT));
        assertThat(ports(fixture, INSIDE.plus(1), 256).getMin()).isEqualTo(1_024);
        Binding lastOfFirst = granted(fixture, INSIDE.plus(252));
        assertThat(lastOfFirst.external().address()).isEqualTo(FIRST);
        assertThat(lastOfFirst.external().port()).isBetween(1_024 + 251 * 256, 65_535);
        assertThat(granted(fixture, INSIDE.plus(253)).external().address()).isEqualTo(FIRST.plus(1));
    }

    @Test
    void whoIsNotInsideIsRefusedWithTheReason() {
        NatFixture fixture = new NatFixture(
                pool(1).withDeterministic(DeterministicConfig.sequential(new AddressRange(INSIDE, INSIDE.plus(3)))));
        Outcome outcome = fixture.nat.open(request(INSIDE.plus(4)), 0);
        assertThat(((Outcome.Refused) outcome).why().text())
                .isEqualTo("would be granted with an internal address within deterministic.inside");
    }

    @Test
    void morePeopleThanPortsIsAMistake() {
        PoolConfig pool = pool(1).withPorts(new PortRange(1, 3))
                .withDeterministic(DeterministicConfig.sequential(new AddressRange(INSIDE, INSIDE.plus(3))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatFixture(pool))
                .withMessageContaining("expected: at least one port for each");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Tag("conformance-a23")
    void theInverseFindsWhosePortItIs(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int people = 3 + random.nextInt(500);
            int addresses = 1 + random.nextInt(4);
            DeterministicScheme scheme =
                    random.nextBoolean() ? DeterministicScheme.SEQUENTIAL : DeterministicScheme.JUNIPER;
            int factor = scheme == DeterministicScheme.SEQUENTIAL ? random.nextInt(3) : 0;
            int first = 1 + random.nextInt(40_000);
            PoolConfig pool = pool(addresses)
                    .withPorts(new PortRange(first, first + 2_000 + random.nextInt(20_000)))
                    .withDeterministic(new DeterministicConfig(inside(people), scheme, factor, 0));
            PoolConfig complete = factor > 0 ? pool.withBlocks(new PortBlockConfig(1, 1, BlockGrowth.ONE)) : pool;
            DeterministicPlan plan = new DeterministicPlan(complete);
            NatFixture fixture = new NatFixture(complete);
            for (int i = 0; i < 20; i++) {
                IpAddress internal = INSIDE.plus(random.nextInt(people));
                if (fixture.nat.open(request(internal), 0) instanceof Granted granted) {
                    Endpoint external = granted.binding().external();
                    int address = (int) (external.address().low() - FIRST.low());
                    assertThat(plan.internal(address, external.port() - first)).isEqualTo(Optional.of(internal));
                }
            }
        }
    }

    private static PoolConfig pool(int addresses) {
        return PoolConfig.defaults("main", List.of(new AddressRange(FIRST, FIRST.plus(addresses - 1L))))
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
    }

    private static List<AddressRange> inside(int size) {
        return List.of(new AddressRange(INSIDE, INSIDE.plus(size - 1L)));
    }

    private static FlowRequest request(IpAddress internal) {
        return new FlowRequest("main", new Subscriber(internal.toString()), new Endpoint(internal, 40_000), WEB);
    }

    private static Outcome open(NatFixture fixture, IpAddress internal) {
        return plain(fixture.nat.open(request(internal), 0));
    }

    private static Binding granted(NatFixture fixture, IpAddress internal) {
        return ((Granted) fixture.nat.open(request(internal), 0)).binding();
    }

    private static IntSummaryStatistics ports(NatFixture fixture, IpAddress internal, int flows) {
        IntSummaryStatistics ports = new IntSummaryStatistics();
        for (int i = 0; i < flows; i++) {
            ports.accept(granted(fixture, internal).external().port());
        }
        return ports;
    }
}
