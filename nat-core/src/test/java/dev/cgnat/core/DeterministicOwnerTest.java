package dev.cgnat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rfc7422")
class DeterministicOwnerTest {
    private static final IpAddress INSIDE = IpAddress.ofIpv4(10, 0, 0, 0);
    private static final IpAddress OUTSIDE = IpAddress.ofIpv4(198, 51, 100, 0);

    @Test
    void everyGrantedFlowIsInvertedToItsClientOverRangesWithHoles() {
        PoolConfig pool = pool(0);
        DeterministicOwner owner = new DeterministicOwner(pool);
        Nat nat = new Nat(new NatConfig(List.of(pool), LimitConfig.defaults()), new Random(1), event -> {});
        for (int i = 0; i < 32; i++) {
            IpAddress client = INSIDE.plus(i);
            FlowRequest flow = new FlowRequest(
                    "main",
                    new Subscriber(client.toString()),
                    new Endpoint(client, 50_000),
                    new Endpoint(IpAddress.ofIpv4(203, 0, 113, 1), 443));
            Outcome outcome = nat.open(flow, 0);
            assertThat(outcome).isInstanceOf(Outcome.Granted.class);
            Endpoint external = ((Outcome.Granted) outcome).binding().external();
            assertThat(owner.of(external)).as("%s", external).contains(client);
            assertThat(owner.isDynamic(external)).isFalse();
        }
    }

    @Test
    void whatIsOfNoPoolIsNobodysAndWhatIsLentAtNeedNeedsALog() {
        DeterministicOwner owner = new DeterministicOwner(pool(1));
        assertThat(owner.of(new Endpoint(OUTSIDE.plus(9), 1_100))).isEmpty();
        assertThat(owner.of(new Endpoint(OUTSIDE, 999))).isEmpty();
        Endpoint last = new Endpoint(OUTSIDE, 1_299);
        assertThat(owner.of(last)).isEmpty();
        assertThat(owner.isDynamic(last)).isTrue();
        assertThat(owner.isDynamic(new Endpoint(OUTSIDE, 1_000))).isFalse();
    }

    /** Two pieces of address space, ports 1000 to 1299. */
    private static PoolConfig pool(int dynamicFactor) {
        List<AddressRange> outside =
                List.of(new AddressRange(OUTSIDE, OUTSIDE.plus(1)), new AddressRange(OUTSIDE.plus(4), OUTSIDE.plus(5)));
        DeterministicConfig rules = new DeterministicConfig(
                List.of(new AddressRange(INSIDE, INSIDE.plus(31))), DeterministicScheme.SEQUENTIAL, dynamicFactor, 0);
        PoolConfig pool = PoolConfig.defaults("main", outside).withPorts(new PortRange(1_000, 1_299));
        return (dynamicFactor == 0 ? pool : pool.withBlocks(new PortBlockConfig(8, 1, BlockGrowth.ONE)))
                .withDeterministic(rules);
    }
}
