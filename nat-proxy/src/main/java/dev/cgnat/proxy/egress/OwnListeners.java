package dev.cgnat.proxy.egress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.transport.LocalAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where this proxy itself listens, so that no flow ends there by mistake. Any thread may call.
 *
 * <p><b>Costs</b>: a step for each listener, and three system calls where the port is that of one which listens everywhere.
 */
public final class OwnListeners {
    private final List<Bound> bound = new CopyOnWriteArrayList<>();

    /** From now on {@code listener} listens on {@code endpoint}. */
    public void add(ListenerConfig listener, Endpoint endpoint) {
        bound.add(new Bound(listener, endpoint));
    }

    /** The listener that a connection with {@code destination} would reach. */
    Optional<ListenerConfig> at(Endpoint destination) {
        for (Bound one : bound) {
            if (one.endpoint.port() == destination.port() && one.hears(destination.address())) {
                return Optional.of(one.listener);
            }
        }
        return Optional.empty();
    }

    private record Bound(ListenerConfig listener, Endpoint endpoint) {
        boolean hears(IpAddress address) {
            return endpoint.address().isUnspecified()
                    ? LocalAddress.isLocal(address)
                    : endpoint.address().equals(address);
        }
    }
}
