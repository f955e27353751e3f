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
 * 6598). <b>Ownership</b>: one thread. <b>Costs</b>: about 150 bytes each, once it has asked for a flow.
 */
final class Clients {
    private static final IpAddress FIRST = IpAddress.ofIpv4(100, 64, 0, 0);
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 65_536 - FIRST_PORT;

    private final @Nullable Client[] clients;
    private final int nats;

    Clients(int subscribers, int nats) {
        clients = new @Nullable Client[subscribers];
        this.nats = nats;
    }

    /** The subscriber of that number, who is served by {@code pool}. */
    Client get(int number, PoolConfig pool) {
        Client client = clients[number];
        if (client == null) {
            List<AddressRange> inside =
                    pool.deterministic().map(plan -> plan.inside()).orElse(List.of());
            client = new Client(inside.isEmpty() ? FIRST.plus(number) : address(inside, number / nats));
            clients[number] = client;
        }
        return client;
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

    /** One subscriber. */
    static final class Client {
        private final IpAddress address;
        private final Subscriber subscriber;
        private char flows;

        Client(IpAddress address) {
            this.address = address;
            subscriber = new Subscriber(address.toString());
        }

        Subscriber subscriber() {
            return subscriber;
        }

        /** Where its next flow comes from; its ports take turns. */
        Endpoint nextEndpoint() {
            int port = FIRST_PORT + flows;
            flows = (char) ((flows + 1) % PORTS);
            return new Endpoint(address, port);
        }

        /** Where all flows of a program come from that has one port. */
        Endpoint endpoint() {
            return new Endpoint(address, FIRST_PORT);
        }
    }
}
