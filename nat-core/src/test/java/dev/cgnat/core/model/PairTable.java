package dev.cgnat.core.model;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that has a spot, as one list for each port.
 *
 * <p>What is over stays in the lists until {@link #settle}, as {@code Nat} may free it later than at once.
 */
final class PairTable {
    final List<IpAddress> addresses = new ArrayList<>();
    final int[] ports;
    private final ReuseScope scope;
    private final List<List<Use>> byPort = new ArrayList<>();
    private final List<Endpoint> externals = new ArrayList<>();

    PairTable(PoolConfig config) {
        scope = config.reuseScope();
        for (AddressRange range : config.addresses()) {
            for (int i = 0; i < range.size(); i++) {
                addresses.add(range.first().plus(i));
            }
        }
        BitSet usable = new BitSet();
        config.ports().forEach(range -> usable.set(range.first(), range.last() + 1));
        config.excludePorts().forEach(range -> usable.clear(range.first(), range.last() + 1));
        ports = usable.stream().toArray();
        for (int i = 0; i < ports.length; i++) {
            byPort.add(new ArrayList<>());
        }
        for (IpAddress address : addresses) {
            for (int port : ports) {
                externals.add(new Endpoint(address, port));
            }
        }
    }

    /** Pairs are numbered address by address, in scope {@code host} too. */
    int pairs() {
        return addresses.size() * ports.length;
    }

    int addressOf(int pair) {
        return pair / ports.length;
    }

    int portOf(int pair) {
        return pair % ports.length;
    }

    Endpoint external(int pair) {
        return externals.get(pair);
    }

    /** The number of {@code external}, -1 if it is no pair that may be lent. */
    int pairOf(Endpoint external) {
        return externals.indexOf(external);
    }

    /** What a flow or a mapping of its kind would have on {@code pair}. */
    Spot spot(Protocol protocol, int pair, Endpoint destination, Mapping mapping, boolean isLegacy) {
        boolean isWide = mapping == Mapping.ENDPOINT_INDEPENDENT;
        boolean tellsHosts = scope == ReuseScope.REMOTE_HOST || scope == ReuseScope.FOUR_TUPLE;
        return new Spot(
                protocol,
                scope == ReuseScope.HOST ? 0 : addressOf(pair),
                portOf(pair),
                tellsHosts && !isWide ? destination.address() : Spot.ANYWHERE,
                scope == ReuseScope.FOUR_TUPLE && !isWide ? destination.port() : 0,
                isWide,
                isLegacy);
    }

    /**
     * Whether nothing has such a spot on {@code pair} that is not over at {@code at}; set-asides are looked at no later than
     * {@code now}.
     */
    boolean isFree(Spot like, int pair, long at, long now) {
        int address = scope == ReuseScope.HOST ? 0 : addressOf(pair);
        List<Use> uses = byPort.get(portOf(pair));
        for (int i = 0; i < uses.size(); i++) {
            Use use = uses.get(i);
            boolean isAside = use.kind == Use.Kind.ASIDE;
            boolean isHere = use.spot.address() == address || use.spot.isLegacy() || like.isLegacy();
            if (isHere && !use.isOver(isAside ? Math.min(at, now) : at) && use.spot.isTowards(like)) {
                return false;
            }
        }
        return true;
    }

    void add(Use use) {
        byPort.get(use.spot.port()).add(use);
    }

    void remove(Use use) {
        byPort.get(use.spot.port()).remove(use);
    }

    /** What is over at {@code now} and meets {@code spot} gives way to it. */
    void makeRoom(Spot spot, long now) {
        byPort.get(spot.port()).removeIf(use -> use.isOver(now) && use.spot.meets(spot));
    }

    void settle(long now) {
        byPort.forEach(uses -> uses.removeIf(use -> use.isOver(now)));
    }

    List<Use> onPort(int port) {
        return byPort.get(port);
    }

    void forEach(Consumer<Use> action) {
        byPort.forEach(uses -> uses.forEach(action));
    }
}
