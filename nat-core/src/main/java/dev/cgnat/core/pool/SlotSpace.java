package dev.cgnat.core.pool;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.PortUnit;
import dev.cgnat.core.port.UnitKey;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/**
 * What a pool's configuration lets a draw choose from: how units, slots and (address, port) pairs are numbered.
 *
 * <pre>
 *   scope         paired pooling: slots of a unit        arbitrary pooling
 *   host          P   one unit, address chosen apart     P   one unit, address chosen apart
 *   address       P   a unit per address                 A·P one unit
 *   remote-host   P   … and remote address               A·P a unit per remote address
 *   four-tuple    P   … and remote port                  A·P a unit per remote endpoint
 * </pre>
 *
 * <p>Pair number = address index · P + port index; in scope {@code host} the port index alone. Immutable. <b>Costs</b>: 24
 * bytes per address, 2 per port.
 */
final class SlotSpace {
    private final ReuseScope scope;
    private final Pooling pooling;
    private final List<AddressRange> ranges;
    private final IpAddress[] addresses;
    private final PortSpace ports;

    SlotSpace(PoolConfig config) {
        scope = config.reuseScope();
        pooling = config.pooling();
        ranges = config.addresses();
        addresses = ranges.stream()
                .flatMap(range -> LongStream.range(0, range.size())
                        .mapToObj(offset -> range.first().plus(offset)))
                .toArray(IpAddress[]::new);
        ports = new PortSpace(config.ports(), config.excludePorts());
    }

    boolean isHostScope() {
        return scope == ReuseScope.HOST;
    }

    boolean isPaired() {
        return pooling == Pooling.PAIRED;
    }

    /** Whether each unit is of one external address. */
    boolean isPerAddress() {
        return isPaired() && !isHostScope();
    }

    int addressCount() {
        return addresses.length;
    }

    IpAddress address(int index) {
        return addresses[index];
    }

    /** Ports on one address. */
    int portCount() {
        return ports.size();
    }

    int slotsPerUnit() {
        return isPerAddress() ? ports.size() : ports.size() * countedAddresses();
    }

    /** Pairs in all, excluded ones included. */
    int capacity() {
        return (ports.size() + ports.excluded()) * countedAddresses();
    }

    int excludedPairs() {
        return ports.excluded() * countedAddresses();
    }

    /** The unit that serves {@code destination}, from the address of that index if units are per address. */
    UnitKey key(Endpoint destination, int address) {
        int unitAddress = isPerAddress() ? address : UnitKey.ANY;
        return switch (scope) {
            case HOST, ADDRESS -> UnitKey.anyRemote(unitAddress);
            case REMOTE_HOST -> UnitKey.remoteHost(destination, unitAddress);
            case FOUR_TUPLE -> UnitKey.remoteEndpoint(destination, unitAddress);
        };
    }

    int pair(PortUnit unit, int slot) {
        return isPerAddress() ? unit.key().address() * ports.size() + slot : slot;
    }

    /** The index of the address of {@code pair}. Not in scope {@code host}. */
    int addressOf(int pair) {
        return pair / ports.size();
    }

    /** The external endpoint of {@code pair} on the address of that index. */
    Endpoint endpoint(int address, int pair) {
        return new Endpoint(addresses[address], ports.port(pair % ports.size()));
    }

    /** The pair that {@code destination} is itself, if it is an endpoint of this pool. Not in scope {@code host}. */
    OptionalInt pairOf(Endpoint destination) {
        int port = ports.indexOf(destination.port());
        if (port < 0) {
            return OptionalInt.empty();
        }
        int index = 0;
        for (AddressRange range : ranges) {
            if (range.contains(destination.address())) {
                long offset = destination.address().low() - range.first().low();
                return OptionalInt.of((index + (int) offset) * ports.size() + port);
            }
            index += range.size();
        }
        return OptionalInt.empty();
    }

    private int countedAddresses() {
        return isHostScope() ? 1 : addresses.length;
    }
}
