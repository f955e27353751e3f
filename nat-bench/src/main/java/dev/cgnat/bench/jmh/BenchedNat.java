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
        return request(number, number / SUBSCRIBERS);
    }

    /**
     * A new flow of the same subscriber to the same destination as flow {@code number}, which is not looked at: a client
     * that asks does not fetch another flow from memory.
     */
    static FlowRequest request(int number, int internalPort) {
        int subscriber = number % SUBSCRIBERS;
        return new FlowRequest(
                POOL,
                PEOPLE.get(subscriber),
                new Endpoint(HOSTS.get(subscriber).address(), internalPort(internalPort)),
                TARGETS.get(number / SUBSCRIBERS % DESTINATIONS));
    }

    /** Which of {@code live} ends next. What is read ahead is the reference, not the flow that it leads to. */
    @SuppressWarnings("ReferenceEquality") // equals would read the flow
    static Picks picks(Binding[] live, long seed) {
        Binding first = live[0];
        return new Picks(live.length, new QuickRandom(seed), place -> live[place] == first ? 1 : 0);
    }

    private static int internalPort(int number) {
        return FIRST_PORT + (number & Integer.MAX_VALUE) % PORTS;
    }
}
