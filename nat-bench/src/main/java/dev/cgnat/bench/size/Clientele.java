package dev.cgnat.bench.size;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Who asks a pool for ports.
 *
 * @param subscribers 1 or more
 * @param inside tells their addresses, for policies that assign ports by formula; it may refuse with an
 *     {@link IllegalArgumentException}
 * @param guess pairs that such a pool may need, before anything was tried
 */
public record Clientele(int subscribers, Supplier<List<AddressRange>> inside, ToIntFunction<PoolConfig> guess) {
    /** Of the shared address space (RFC 6598). */
    private static final IpAddress INSIDE = IpAddress.ofIpv4(100, 64, 0, 0);

    /** Subscribers of a workload, of which arithmetic tells how many ports pure loss would need to refuse {@code target}. */
    public static Clientele of(int subscribers, OfferedLoad load, double target) {
        return new Clientele(
                subscribers,
                () -> List.of(new AddressRange(INSIDE, INSIDE.plus(subscribers - 1L))),
                pool -> ErlangB.slots(
                        pool.reuseScope().isPerDestination() ? load.erlangsToOne() : load.erlangs(), target));
    }
}
