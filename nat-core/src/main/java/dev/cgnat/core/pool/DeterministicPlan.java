package dev.cgnat.core.pool;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which ports of which external address belong to each internal address, by formula, and back (RFC 7422 section 2).
 *
 * <p>With I inside and A outside addresses, n usable ports on each of these, and dynamic factor D:
 *
 * <pre>
 *   sequential, VPP   C = ceil(I ÷ A)    P = floor(n ÷ (C + D))
 *   Junos             P given, or floor(n ÷ ceil(I ÷ A))    C = floor(n ÷ P)
 *   subscriber s      address s ÷ C, ports k·P … (k + 1)·P - 1 with k = s mod C
 *   dynamic ports     C·P … n - 1 of each address, if D > 0
 * </pre>
 *
 * Immutable. <b>Costs</b>: O(ranges) each way.
 */
public final class DeterministicPlan {
    private final List<AddressRange> inside;
    private final boolean skipsEnds;
    private final int outside;
    private final int subscribersPerAddress;
    private final int share;

    /**
     * @throws IllegalArgumentException if {@code pool} is not deterministic, has more subscribers on an address than ports,
     *     is not made of powers of two where the scheme asks for it, or has dynamic ports and no blocks to lend them in
     */
    public DeterministicPlan(PoolConfig pool) {
        DeterministicConfig config = pool.deterministic()
                .orElseThrow(() -> new IllegalArgumentException(
                        "deterministic: absent in pool " + pool.name() + " (expected: a pool that has it)"));
        inside = config.inside();
        skipsEnds = config.scheme() == DeterministicScheme.JUNIPER;
        outside = pool.addressCount();
        int ports = pool.usablePorts();
        long subscribers = inside.stream().mapToLong(this::served).sum();
        int perAddress = (int) Math.min((subscribers + outside - 1) / outside, Integer.MAX_VALUE);
        if (config.scheme() == DeterministicScheme.VPP
                && (Long.bitCount(subscribers) != 1 || Integer.bitCount(outside) != 1)) {
            throw new IllegalArgumentException("inside: " + subscribers + " addresses for " + outside
                    + " external ones (expected: powers of two for scheme vpp)");
        }
        if (config.share() > 0) {
            share = config.share();
            subscribersPerAddress = ports / share;
        } else {
            subscribersPerAddress = Math.max(perAddress, 1);
            share = (int) (ports / ((long) subscribersPerAddress + config.dynamicFactor()));
        }
        if (share == 0 || subscribersPerAddress == 0) {
            throw new IllegalArgumentException("inside: " + subscribers + " addresses for " + outside
                    + " external ones of " + ports + " ports (expected: at least one port for each)");
        }
        if (config.dynamicFactor() > 0 != pool.blocks().isPresent()) {
            throw new IllegalArgumentException("dynamic-factor: " + config.dynamicFactor() + " (expected: "
                    + (pool.blocks().isPresent() ? "more than 0, as blocks are given" : "0, or blocks to lend them in")
                    + ")");
        }
    }

    /** The number of the subscriber with that internal address; empty if it has no ports. */
    OptionalInt subscriber(IpAddress internal) {
        long first = 0;
        for (AddressRange range : inside) {
            if (range.contains(internal)) {
                long place = internal.low() - range.first().low() - (skips(range) ? 1 : 0);
                boolean isServed = place >= 0 && place < served(range) && first + place < subscribers();
                return isServed ? OptionalInt.of((int) (first + place)) : OptionalInt.empty();
            }
            first += served(range);
        }
        return OptionalInt.empty();
    }

    /** The internal address of that subscriber number, empty if there is none. */
    Optional<IpAddress> internal(int subscriber) {
        long place = subscriber;
        for (AddressRange range : inside) {
            if (place < served(range)) {
                return Optional.of(range.first().plus(place + (skips(range) ? 1 : 0)));
            }
            place -= served(range);
        }
        return Optional.empty();
    }

    /**
     * Whose port it is, without any log; empty if it is nobody's, or lent at need.
     *
     * @param address index of the external address, in the order of the pool
     * @param port index of the port among the usable ones, ascending
     */
    public Optional<IpAddress> internal(int address, int port) {
        int place = port / share;
        return place < subscribersPerAddress && address < outside
                ? internal(address * subscribersPerAddress + place)
                : Optional.empty();
    }

    /** Subscribers for whom there are ports, whether or not as many are inside. */
    int subscribers() {
        return (int) Math.min((long) outside * subscribersPerAddress, Integer.MAX_VALUE);
    }

    /** Internal addresses that have a share: all that are served, or as many as there is room for. */
    public int sharesGiven() {
        return (int) Math.min(inside.stream().mapToLong(this::served).sum(), subscribers());
    }

    /** Ports of each subscriber, at least 1. */
    public int share() {
        return share;
    }

    /** Shares on each external address, at least 1: RFC 7422's compression ratio. */
    public int subscribersPerAddress() {
        return subscribersPerAddress;
    }

    /** The index of the external address of that subscriber number. */
    int address(int subscriber) {
        return subscriber / subscribersPerAddress;
    }

    /** The index of the first port of that subscriber number among the usable ports of its address. */
    int firstPort(int subscriber) {
        return subscriber % subscribersPerAddress * share;
    }

    /** The index of the first port of each address that belongs to no share. */
    public int firstDynamicPort() {
        return subscribersPerAddress * share;
    }

    private long served(AddressRange range) {
        return skips(range) ? range.size() - 2L : range.size();
    }

    private boolean skips(AddressRange range) {
        return skipsEnds && range.size() > 2;
    }
}
