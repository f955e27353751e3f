package dev.cgnat.bench.sim;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Steady;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import java.time.Duration;

/** What the simulator's tests are made of. */
final class Plans {
    static final IpAddress ADDRESS = IpAddress.ofIpv4(203, 0, 113, 1);

    private Plans() {}

    /** One address with so many ports, which may be lent to anybody and do not rest. */
    static PoolConfig pool(int ports) {
        return PoolConfig.defaults("main", java.util.List.of(AddressRange.single(ADDRESS)))
                .withPorts(new PortRange(1024, 1023 + ports))
                .withPooling(Pooling.ARBITRARY)
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
    }

    static NatConfig nat(int ports) {
        return NatConfig.of(pool(ports));
    }

    static Opens poisson(double perSecond) {
        return new Opens(new Steady(perSecond, Arrivals.POISSON), 1);
    }

    static Opens constant(double perSecond) {
        return new Opens(new Steady(perSecond, Arrivals.CONSTANT), 1);
    }

    static HoldTime lasting(Duration time) {
        return new HoldTime.Constant(time);
    }

    static Group group(String name, int subscribers, Opens opens, HoldTime lifetime) {
        return Group.of(name, subscribers, opens, lifetime);
    }
}
