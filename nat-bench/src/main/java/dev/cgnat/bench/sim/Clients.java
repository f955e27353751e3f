package dev.cgnat.bench.sim;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers by number, with their internal addresses: those that the pool's plan is for, else from 100.64.0.0 on (RFC
 * 6598). <b>Ownership</b>: one thread. <b>Costs</b>: O(1), and reads no object; about 130 bytes each, once it has asked for a
 * flow.
 */
final class Clients {
    private static final IpAddress FIRST = IpAddress.ofIpv4(100, 64, 0, 0);
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 65_536 - FIRST_PORT;

    private final @Nullable Subscriber[] subscribers;
    private final IpAddress[] addresses;
    private final char[] flows;
    private final int nats;

    Clients(int subscribers, int nats) {
        this.subscribers = new @Nullable Subscriber[subscribers];
        addresses = new IpAddress[subscribers];
        flows = new char[subscribers];
        this.nats = nats;
    }

    /** The subscriber of that number, who is served by {@code pool}. */
    Subscriber subscriber(int number, PoolConfig pool) {
        Subscriber subscriber = subscribers[number];
        if (subscriber == null) {
            List<AddressRange> inside =
                    pool.deterministic().map(plan -> plan.inside()).orElse(List.of());
            addresses[number] = inside.isEmpty() ? FIRST.plus(number) : address(inside, number / nats);
            subscriber = new Subscriber(addresses[number].toString());
            subscribers[number] = subscriber;
        }
        return subscriber;
    }

    /** Where the next flow of a known {@link #subscriber} comes from; its ports take turns. */
    Endpoint nextEndpoint(int number) {
        int port = FIRST_PORT + flows[number];
        flows[number] = (char) ((flows[number] + 1) % PORTS);
        return new Endpoint(addresses[number], port);
    }

    /** Where all flows of a known {@link #subscriber} come from whose program has one port. */
    Endpoint endpoint(int number) {
        return new Endpoint(addresses[number], FIRST_PORT);
    }

    /** Beyond the last address of the ranges it goes on, with addresses that are not of the plan. */
    private static IpAddress address(List<AddressRange> ranges, int index) {
        int rest = index;
        for (AddressRange range : ranges) {
            if (rest < range.size()) {
                return range.first().plus(rest);
            }
            rest -= range.size();
        }
        return ranges.get(ranges.size() - 1).last().plus(rest + 1L);
    }
}
