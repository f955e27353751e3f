package dev.cgnat.core.pool;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.port.PortNumbers;
import dev.cgnat.core.port.UnitKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * What a pool's configuration lets a draw choose from: how regions, slots and (address, port) pairs are numbered.
 *
 * <p>A region is the run of pairs among which a flow may be given one; a unit is a region as one destination sees it, or as
 * all do, by the reuse scope.
 *
 * <pre>
 *   region            number                                    pairs
 *   whole pool        0                                         A·P, in scope host P
 *   external address  a                                         P
 *   port block        65,536 + b                                size of a block
 *   share of a plan   65,536 + blocks + s                       size of a share
 *   every address     {@link #EVERY_ADDRESS}                    P: a slot stands for a port on all addresses
 * </pre>
 *
 * <p>Pair number = address index · P + port index; in scope {@code host} the port index alone. Numbers stay when addresses are
 * added, which is all that changes here. <b>Costs</b>: 24 bytes per address, 2 per port.
 */
final class Regions {
    static final int WHOLE = 0;
    static final int EVERY_ADDRESS = Integer.MAX_VALUE;
    /** The first block's region: a pool has at most as many addresses. */
    private static final int BLOCKS = 65_536;

    private final PoolConfig config;
    private List<AddressRange> ranges;
    private IpAddress[] addresses;
    private final PortNumbers ports;
    private final Optional<DeterministicPlan> plan;
    private final int blocksPerAddress;
    private final boolean isHostScope;
    private final boolean isPerAddress;

    Regions(PoolConfig config) {
        this.config = config;
        ranges = config.addresses();
        addresses = all(ranges);
        ports = new PortNumbers(config.ports(), config.excludePorts());
        plan = config.deterministic().map(deterministic -> new DeterministicPlan(config));
        isHostScope = config.reuseScope() == ReuseScope.HOST;
        isPerAddress = config.isPerAddress();
        blocksPerAddress = config.blocks()
                .map(blocks -> (ports.size() - firstBlockPort()) / blocks.size())
                .orElse(0);
    }

    /** From now on the addresses are {@code more}, which begins with those that there are. Not with a plan. */
    void grow(List<AddressRange> more) {
        ranges = more;
        addresses = all(more);
    }

    boolean isHostScope() {
        return isHostScope;
    }

    /** Whether a flow's address is chosen before its port. */
    boolean isPerAddress() {
        return isPerAddress;
    }

    /** Whether one unit holds pairs of several addresses, each a slot of its own. */
    boolean spansAddresses() {
        return !isPerAddress && !isHostScope;
    }

    Optional<DeterministicPlan> plan() {
        return plan;
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

    /** Pairs in all, excluded ones included. */
    int capacity() {
        return (ports.size() + ports.excluded()) * countedAddresses();
    }

    int excludedPairs() {
        return ports.excluded() * countedAddresses();
    }

    /** Pairs that are numbered: all but the excluded ones. */
    int pairs() {
        return ports.size() * countedAddresses();
    }

    int blocksPerAddress() {
        return blocksPerAddress;
    }

    /** The region in which a flow is given a port that leaves from the address of that index, where nothing is lent. */
    int ofAddress(int address) {
        return isPerAddress ? address : WHOLE;
    }

    int ofBlock(int block) {
        return BLOCKS + block;
    }

    /** The region of a subscriber of the plan. */
    int ofShare(int subscriber) {
        return BLOCKS + blocksPerAddress * addresses.length + subscriber;
    }

    int size(int region) {
        if (region == EVERY_ADDRESS) {
            return ports.size();
        }
        if (region < BLOCKS) {
            return isPerAddress ? ports.size() : pairs();
        }
        return region < ofShare(0)
                ? config.blocks().map(PortBlockConfig::size).orElseThrow()
                : plan.map(DeterministicPlan::share).orElseThrow();
    }

    int firstPair(int region) {
        if (region < BLOCKS) {
            return isPerAddress ? region * ports.size() : 0;
        }
        if (region < ofShare(0)) {
            int block = region - BLOCKS;
            int size = config.blocks().map(PortBlockConfig::size).orElseThrow();
            return block / blocksPerAddress * ports.size() + firstBlockPort() + block % blocksPerAddress * size;
        }
        int subscriber = region - ofShare(0);
        return plan.map(found -> found.address(subscriber) * ports.size() + found.firstPort(subscriber))
                .orElseThrow();
    }

    /** The pair of {@code slot}; in {@link #EVERY_ADDRESS} the one on the first address. */
    int pair(int region, int slot) {
        return region == EVERY_ADDRESS ? slot : firstPair(region) + slot;
    }

    /** The slot of {@code pair} in {@code region}, beyond it if the pair is not of it. */
    int slot(int region, int pair) {
        return region == EVERY_ADDRESS ? pair % ports.size() : pair - firstPair(region);
    }

    /** Does something with each pair that {@code slot} stands for. */
    void forEachPair(int region, int slot, IntConsumer action) {
        if (region != EVERY_ADDRESS) {
            action.accept(firstPair(region) + slot);
            return;
        }
        for (int pair = slot; pair < pairs(); pair += ports.size()) {
            action.accept(pair);
        }
    }

    /** The region that {@code pair} is of, negative if it is lent to nobody, as it fills no share and no block. */
    int regionOf(int pair) {
        if (plan.isEmpty() && blocksPerAddress == 0) {
            return ofAddress(isHostScope ? 0 : addressOf(pair));
        }
        int address = addressOf(pair);
        int port = pair % ports.size();
        if (plan.isPresent() && port < plan.get().firstDynamicPort()) {
            return ofShare(address * plan.get().subscribersPerAddress()
                    + port / plan.get().share());
        }
        int block = (port - firstBlockPort())
                / config.blocks().map(PortBlockConfig::size).orElse(ports.size());
        return block < blocksPerAddress ? ofBlock(address * blocksPerAddress + block) : -1;
    }

    /** The number of the block that {@code region} is, empty if it is none. */
    OptionalInt blockOf(int region) {
        int block = region - BLOCKS;
        return block >= 0 && block < blocksPerAddress * addresses.length ? OptionalInt.of(block) : OptionalInt.empty();
    }

    /** Whether slots of {@code region} are of one address alone. */
    boolean isOfOneAddress(int region) {
        return region >= BLOCKS || isPerAddress || addresses.length == 1;
    }

    /** The ports of a block, from the first to the last. */
    PortRange portsOfBlock(int block) {
        return portsOf(ofBlock(block)).orElseThrow();
    }

    /** The ports of a block or share from the first to the last, empty if {@code region} is more than that. */
    Optional<PortRange> portsOf(int region) {
        if (region == EVERY_ADDRESS || region < addresses.length) {
            return Optional.empty();
        }
        int first = firstPair(region) % ports.size();
        return Optional.of(new PortRange(ports.port(first), ports.port(first + size(region) - 1)));
    }

    /** The unit that serves the destination of {@code flow} in that region. */
    UnitKey key(FlowSpec flow, int region) {
        return switch (config.reuseScope()) {
            case HOST, ADDRESS -> UnitKey.anyRemote(flow.protocol(), region);
            case REMOTE_HOST -> UnitKey.remoteHost(flow.protocol(), flow.destination(), region);
            case FOUR_TUPLE -> UnitKey.remoteEndpoint(flow.protocol(), flow.destination(), region);
        };
    }

    /** The index of the address of {@code pair}. Not in scope {@code host}. */
    int addressOf(int pair) {
        return pair / ports.size();
    }

    int port(int pair) {
        return ports.port(pair % ports.size());
    }

    /** The external endpoint of {@code pair} on the address of that index. */
    Endpoint endpoint(int address, int pair) {
        return new Endpoint(addresses[address], port(pair));
    }

    /** Whether {@code pair} on the address of that index is {@code endpoint}. */
    boolean isEndpoint(int address, int pair, Endpoint endpoint) {
        return addresses[address].equals(endpoint.address()) && port(pair) == endpoint.port();
    }

    /**
     * The slot of that port number in {@code region}, negative if the port is not of it.
     *
     * @param address index of the address that is meant where the region spans several
     */
    int slotOfPort(int port, int region, int address) {
        int index = ports.indexOf(port);
        if (index < 0) {
            return -1;
        }
        if (region == EVERY_ADDRESS || isHostScope) {
            return index;
        }
        if (!isOfOneAddress(region)) {
            return address * ports.size() + index;
        }
        int slot = index - firstPair(region) % ports.size();
        return slot >= 0 && slot < size(region) ? slot : -1;
    }

    /** The index of {@code address}, negative if it is none of this pool. */
    int indexOf(IpAddress address) {
        int index = 0;
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return index + (int) (address.low() - range.first().low());
            }
            index += range.size();
        }
        return -1;
    }

    /** The pair of {@code external}, an endpoint of this pool, as it is counted; negative if it is none, or excluded. */
    int countedPair(Endpoint external) {
        int address = indexOf(external.address());
        int port = ports.indexOf(external.port());
        return address < 0 || port < 0 ? -1 : (isHostScope ? 0 : address * ports.size()) + port;
    }

    /** The pair that {@code destination} is itself, if it is an endpoint of this pool. In scope {@code host} of one address only. */
    OptionalInt pairOf(Endpoint destination) {
        int port = ports.indexOf(destination.port());
        if (port < 0) {
            return OptionalInt.empty();
        }
        int address = indexOf(destination.address());
        return address < 0 ? OptionalInt.empty() : OptionalInt.of(address * ports.size() + port);
    }

    private static IpAddress[] all(List<AddressRange> ranges) {
        return ranges.stream().flatMap(AddressRange::addresses).toArray(IpAddress[]::new);
    }

    private int firstBlockPort() {
        return plan.map(DeterministicPlan::firstDynamicPort).orElse(0);
    }

    private int countedAddresses() {
        return isHostScope ? 1 : addresses.length;
    }
}
