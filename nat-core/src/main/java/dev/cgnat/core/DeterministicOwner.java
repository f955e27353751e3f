package dev.cgnat.core;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.pool.DeterministicPlan;
import dev.cgnat.core.port.PortNumbers;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whose an external address and port is in a deterministic pool, at any time, without any log (RFC 7422 section 2). Immutable.
 *
 * <p><b>Costs</b>: O(ranges) a question.
 */
public final class DeterministicOwner {
    private final PoolConfig pool;
    private final DeterministicPlan plan;
    private final PortNumbers ports;

    /** @throws IllegalArgumentException if {@code pool} is not deterministic */
    public DeterministicOwner(PoolConfig pool) {
        this.pool = pool;
        plan = new DeterministicPlan(pool);
        ports = new PortNumbers(pool.ports(), pool.excludePorts());
    }

    /** The internal address; empty if it is nobody's, is lent at need, or is not of this pool. */
    public Optional<IpAddress> of(Endpoint external) {
        OptionalInt address = index(external.address());
        int port = ports.indexOf(external.port());
        return address.isPresent() && port >= 0 ? plan.internal(address.getAsInt(), port) : Optional.empty();
    }

    /** Whether it is lent in blocks to whoever runs out, so that only a log can tell. */
    public boolean isDynamic(Endpoint external) {
        return pool.blocks().isPresent()
                && index(external.address()).isPresent()
                && ports.indexOf(external.port()) >= plan.firstDynamicPort();
    }

    private OptionalInt index(IpAddress address) {
        int before = 0;
        for (AddressRange range : pool.addresses()) {
            if (range.contains(address)) {
                return OptionalInt.of(
                        before + (int) (address.low() - range.first().low()));
            }
            before += range.size();
        }
        return OptionalInt.empty();
    }
}
