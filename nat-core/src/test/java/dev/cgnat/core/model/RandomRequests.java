package dev.cgnat.core.model;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Flows of four subscribers to a few destinations, as the random numbers fall. */
final class RandomRequests {
    static final List<Subscriber> SUBSCRIBERS =
            Stream.of("s0", "s1", "s2", "s3").map(Subscriber::new).toList();

    private static final List<Mapping> MAPPINGS = List.of(Mapping.values());

    private final Random random;
    private final Family family;
    private final boolean overridesMapping;
    private final List<Protocol> protocols;
    private final List<Endpoint> destinations;

    RandomRequests(Random random, Family family, Endpoint ownEndpoint) {
        this.random = random;
        this.family = family;
        boolean mayMeetItself = family != Family.LEGACY;
        overridesMapping = family == Family.MAPPING;
        protocols = random.nextBoolean() ? List.of(Protocol.TCP) : List.of(Protocol.values());
        IpAddress far = IpAddress.ofIpv4(192, 0, 2, 1);
        destinations = List.of(
                        new Endpoint(far, 80),
                        new Endpoint(far, 443),
                        new Endpoint(far.plus(1), 80),
                        mayMeetItself && random.nextInt(3) == 0 ? ownEndpoint : new Endpoint(far.plus(2), 80))
                .subList(0, random.nextInt(4) + 1);
    }

    /** Whether flows may be of different kinds, so that slots are not all alike. */
    boolean isMixed() {
        return overridesMapping || family == Family.LEGACY;
    }

    FlowRequest next(ModelPool pool) {
        int who = random.nextInt(SUBSCRIBERS.size());
        Protocol protocol = protocols.get(random.nextInt(protocols.size()));
        Endpoint destination = destinations.get(random.nextInt(destinations.size()));
        FlowRequest request = new FlowRequest(
                        pool.config.name(),
                        SUBSCRIBERS.get(who),
                        new Endpoint(RandomConfigs.INSIDE.plus(who), internalPort(pool)),
                        protocol == Protocol.ICMP ? new Endpoint(destination.address(), 0) : destination)
                .withProtocol(protocol);
        if (family == Family.LEGACY && random.nextBoolean()) {
            return request.withClientClass(ClientClass.LEGACY);
        }
        return overridesMapping && random.nextBoolean() ? request.withMapping(mapping(pool.config)) : request;
    }

    private int internalPort(ModelPool pool) {
        return family == Family.SELECTION ? pool.table.ports[0] + random.nextInt(4) : 40_000 + random.nextInt(2);
    }

    private Mapping mapping(PoolConfig pool) {
        Mapping any = MAPPINGS.get(random.nextInt(MAPPINGS.size()));
        return pool.allows(any) ? any : Mapping.ENDPOINT_INDEPENDENT;
    }
}
