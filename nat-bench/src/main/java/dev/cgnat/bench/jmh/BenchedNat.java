package dev.cgnat.bench.jmh;

import dev.cgnat.core.Binding;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The NAT of {@link NatBench} and {@link GateBench}, and the flows that ask it for ports. */
final class BenchedNat {
    static final int DESTINATIONS = 10;
    /** 1024 to 65535. */
    static final int PORTS = 64_512;

    private static final String POOL = "measured";
    private static final int FIRST_PORT = 1_024;
    private static final int SUBSCRIBERS = 1_000;
    private static final List<Endpoint> HOSTS = IntStream.range(0, SUBSCRIBERS)
            .mapToObj(i -> new Endpoint(IpAddress.ofIpv4(10, 0, i / 250, 1 + i % 250), FIRST_PORT))
            .toList();
    private static final List<Subscriber> PEOPLE = HOSTS.stream()
            .map(host -> new Subscriber(host.address().toString()))
            .toList();
    private static final List<Endpoint> TARGETS = IntStream.range(0, DESTINATIONS)
            .mapToObj(i -> new Endpoint(IpAddress.ofIpv4(203, 0, 113, 1 + i), 443))
            .toList();

    private BenchedNat() {}

    /** Paired pooling, hold-down and every limit; none of them is reached. */
    static NatConfig config(int addresses) {
        IpAddress first = IpAddress.ofIpv4(198, 18, 0, 1);
        // Long enough that thousands of slots rest at any time, short enough that they do not fill the pool.
        PoolConfig pool = PoolConfig.defaults(POOL, List.of(new AddressRange(first, first.plus(addresses - 1L))))
                .withHoldDown(HoldDownConfig.same(Duration.ofMillis(10)).withMaxHeld(1_000_000));
        int limit = slots(addresses) / 50; // twenty times a fair share
        LimitConfig limits = new LimitConfig(limit, limit, 100_000_000, PORTS, PORTS);
        return new NatConfig(List.of(pool), limits);
    }

    /** Flows that the pool can hold. */
    static int slots(int addresses) {
        return addresses * PORTS * DESTINATIONS;
    }

    /** Flow {@code number} of those that fill the pool: subscribers take turns, each with all destinations in turn. */
    static FlowRequest request(int number) {
        int subscriber = number % SUBSCRIBERS;
        int round = number / SUBSCRIBERS;
        return new FlowRequest(
                POOL,
                PEOPLE.get(subscriber),
                new Endpoint(HOSTS.get(subscriber).address(), internalPort(round)),
                TARGETS.get(round % DESTINATIONS));
    }

    /** A new flow of the same subscriber to the same destination. */
    static FlowRequest successor(Binding ended, int number) {
        Endpoint internal = new Endpoint(ended.internal().address(), internalPort(number));
        return new FlowRequest(POOL, ended.subscriber(), internal, ended.destination());
    }

    private static int internalPort(int number) {
        return FIRST_PORT + (number & Integer.MAX_VALUE) % PORTS;
    }
}
